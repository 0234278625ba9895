# apus: `make` builds, `make demo` shows it, `make test` tests it; `make help` lists the rest.

# How the program is linked: static (everything inside), libc (only the C library dynamic) or dynamic.
LINK ?= static
prefix ?= /usr/local
PREFIX ?= $(prefix)
DESTDIR ?=
ZSH_FUNCTIONS ?= $(PREFIX)/share/zsh/site-functions
# Where it is built.
BUILD_PATH ?= .build
# 1: install puts mosquitto_pub, mosquitto_sub and mosquitto_rr in place as links to apus.
COMPAT_LINKS ?= 0

export APUS_LINK := $(LINK)
APUS := $(CURDIR)/$(BUILD_PATH)/release/apus

# The linker's warnings about getaddrinfo in a static program are about plug-ins, which we don't use.
# What runs at start-up stands together at the program's front (see scripts/startup-order.sh): pages that
# are not touched take no time and no memory.
ORDERED := -Xswiftc -Xfrontend -Xswiftc -function-sections -Xswiftc -use-ld=lld \
  -Xlinker --no-warn-symbol-ordering -Xlinker --symbol-ordering-file=$(CURDIR)/Sources/apus/startup.order \
  -Xlinker --no-eh-frame-hdr -Xlinker -T$(CURDIR)/Sources/apus/no-unwinding.ld
FLAGS_static := --static-swift-stdlib $(ORDERED)
FLAGS_dynamic := --static-swift-stdlib $(ORDERED) -Xlinker -z -Xlinker relro -Xlinker -z -Xlinker now
# Swift's run-time needs the C++ library, TLS OpenSSL, the outbox SQLite, the shell libedit: the folder named here has
# their static forms under the names of the shared ones, which the linker looks for first.
FLAGS_libc := --static-swift-stdlib -Xswiftc -Xclang-linker -Xswiftc -no-pie \
  -Xswiftc -Xclang-linker -Xswiftc -static-libgcc -Xlinker -L$(CURDIR)/.build/static
# What the compiler notes for its next run holds the paths of this one, and would make each folder's program another.
BUILD := swift build --scratch-path $(BUILD_PATH) --configuration release --product apus $(FLAGS_$(LINK)) -Xlinker -s \
  -Xswiftc -Xfrontend -Xswiftc -disable-incremental-llvm-codegen
# As the linker writes a file it stays in memory in small pieces, and each costs a page fault when it runs; read
# from the disk, or copied, it comes in large ones.
SETTLE := sync $(APUS) && dd if=$(APUS) iflag=nocache count=0 2>/dev/null && cat $(APUS) >/dev/null

.DEFAULT_GOAL := build
.PHONY: build deps install uninstall deb tarball demo test interop kills cuts torture soak bench-page lint sanitize fuzz coverage-protocol generate order perf bench clean help

build: ## build .build/release/apus (LINK=static, libc or dynamic)
	@case '$(LINK)' in static|libc|dynamic) ;; \
	  *) echo "make: LINK is static, libc or dynamic, not '$(LINK)'" >&2; exit 1;; esac
	@mkdir -p .build/static && \
	  for library in stdc++ ssl crypto sqlite3 edit tinfo bsd md; do \
	    ln -sf "$$(clang -print-file-name=lib$$library.a)" .build/static/lib$$library.so; done
	@$(BUILD) 2>build.log || { cat build.log >&2; exit 1; }; \
	  grep -v "in statically linked applications" build.log >&2; rm -f build.log
	@$(SETTLE)

deps: ## install what demo and test need and the machine lacks
	@scripts/deps.sh

# Root has no Swift, as a rule: what is built is not built again.
$(BUILD_PATH)/release/apus:
	@$(MAKE) build

install uninstall: export APUS := $(APUS)
install uninstall: export PREFIX := $(PREFIX)
install uninstall: export BINDIR := $(or $(BINDIR),$(bindir),$(PREFIX)/bin)
install uninstall: export MANDIR := $(or $(MANDIR),$(mandir),$(PREFIX)/share/man)
install uninstall: export ZSH_FUNCTIONS := $(ZSH_FUNCTIONS)
install uninstall: export DESTDIR := $(DESTDIR)
install uninstall: export COMPAT_LINKS := $(COMPAT_LINKS)

install: $(BUILD_PATH)/release/apus ## install program, manual pages and completions (PREFIX, BINDIR, MANDIR, DESTDIR, COMPAT_LINKS)
	@scripts/install.sh install

uninstall: ## remove what install put there
	@scripts/install.sh uninstall

# Packages have the date of what is committed.
deb tarball: export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct)
deb: ## make Debian packages of a dynamically linked apus, in .build-deb/packages
	@NEEDS='dh:debhelper lintian:lintian' scripts/deps.sh
	@rm -rf .build-deb/packages && mkdir -p .build-deb/packages
	debian/rules clean binary
	lintian --fail-on error,warning --tag-display-limit 0 .build-deb/packages/*.deb

tarball: ## make a tar file of a statically linked apus, in .build/packages
	@scripts/tarball.sh

demo: deps build ## start a broker, publish, subscribe, show what happened
	@APUS=$(APUS) scripts/demo.sh

# The suites link dynamically in any case; they run the program that `build` made.
test: deps build ## run every test suite
	@APUS=$(APUS) APUS_LINK=dynamic scripts/test.sh

interop: build ## try real brokers, and put what was seen into README.md and docs/interop.md (two minutes)
	@scripts/interop.sh
	@APUS=$(APUS) APUS_LINK=dynamic APUS_INTEROP=write swift test --filter InteropTests

kills: build ## kill apus a thousand times with an outbox, cut connections, flip bits (a quarter of an hour)
	@APUS=$(APUS) APUS_LINK=dynamic APUS_OUTBOX_KILLS=1000 APUS_OUTBOX_FLIPS=100000 \
	  swift test --filter 'OutboxKillTests|OutboxTests.RecoveryTests|AcknowledgingTests'

cuts: build ## cut connections behind each byte, on every way to the broker (ten minutes)
	@APUS=$(APUS) APUS_LINK=dynamic APUS_CUTS=all swift test --filter CutTests

torture: build ## make each system call fail, one after the other (five minutes)
	@APUS=$(APUS) APUS_LINK=dynamic APUS_TORTURE=all swift test --filter TortureTests

soak: build ## ten million messages over a thousand lost connections (half an hour)
	@APUS=$(APUS) APUS_LINK=dynamic APUS_SOAK=$${MESSAGES:-10000000} swift test --filter SoakTests

bench-page: deps ## open the page of a bench report in a browser (installs chromium)
	@command -v chromium >/dev/null || NEEDS=chromium:chromium scripts/deps.sh
	@APUS_LINK=dynamic APUS_BROWSER="$$(command -v chromium)" swift test --filter PageTests

lint: ## check format, imports and warnings
	@swift format lint --strict --recursive Package.swift Sources Tests
	@scripts/check-imports.sh
	@APUS_LINK=dynamic swift build --build-tests

sanitize: deps build ## run the test suites under the address and the thread sanitizer
	APUS=$(APUS) APUS_LINK=dynamic ASAN_OPTIONS=detect_leaks=0 \
	  swift test --sanitize=address --scratch-path .build-address
	APUS=$(APUS) APUS_LINK=dynamic swift test --sanitize=thread --scratch-path .build-thread

fuzz: ## run each libFuzzer target for TIME seconds (600), or only TARGET (decode, config, …)
	@scripts/fuzz.sh

coverage-protocol: ## list the test of each line of the protocol checklist
	@scripts/coverage-protocol.sh

generate: build ## write manual pages and completions from the option table
	@mkdir -p man completions && $(APUS) generate .

order: ## find out anew what runs at start-up (needs valgrind)
	@scripts/startup-order.sh Sources/apus/startup.order
	@rm -f $(APUS) # `make build` does not see that the order is another

perf: deps build ## measure against mosquitto's clients (PERF='--only pub --runs 3')
	@APUS=$(APUS) python3 Tests/Performance/perf.py $(PERF)

bench: deps build ## measure every row, and put the table into README.md (a quarter of an hour)
	@APUS=$(APUS) python3 Tests/Performance/perf.py --json .build/perf.json $(PERF)
	@python3 Tests/Performance/table.py .build/perf.json README.md

clean: ## remove everything that was built
	rm -rf .build .build-* build.log

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12
