#!/bin/sh
# Puts program, manual pages and completions in place, or takes them away: install.sh install|uninstall.  Make hands
# over its variables in the environment, where no character of theirs means anything.
set -eu
cd "$(dirname "$0")/.."
bin=$DESTDIR$BINDIR
man=$DESTDIR$MANDIR

# Calls something with the mode, the source and the place of each file.
each_file() {
  "$1" 755 "$APUS" "$bin/apus"
  for page in man/*.[157]; do "$1" 644 "$page" "$man/man${page##*.}/${page#man/}"; done
  "$1" 644 completions/apus.bash "$DESTDIR$PREFIX/share/bash-completion/completions/apus"
  "$1" 644 completions/_apus "$DESTDIR$ZSH_FUNCTIONS/_apus"
  "$1" 644 completions/apus.fish "$DESTDIR$PREFIX/share/fish/vendor_completions.d/apus.fish"
}

# Calls something with the target and the place of each link.
each_link() {
  for tool in pub sub rr; do
    "$1" apus "$bin/mosquitto_$tool"
    "$1" "apus-$tool.1" "$man/man1/mosquitto_$tool.1"
  done
}

put() { install -D -m "$1" "$2" "$3"; }
remove() { rm -f "$3"; }
is_ours() { [ "$(readlink "$2")" = "$1" ]; }
link() { ln -sfT "$1" "$2"; }
unlink_ours() { ! is_ours "$1" "$2" || rm -f "$2"; }
check() {
  if { [ -e "$2" ] || [ -L "$2" ]; } && ! is_ours "$1" "$2"; then
    echo "install: $2 is there and is not apus's: remove it, or its package, first" >&2
    exit 1
  fi
}

case $1 in
  install)
    case $COMPAT_LINKS in 0 | 1) ;; *) echo "install: COMPAT_LINKS is 0 or 1, not '$COMPAT_LINKS'" >&2; exit 1 ;; esac
    [ "$COMPAT_LINKS" = 0 ] || each_link check
    each_file put
    [ "$COMPAT_LINKS" = 0 ] || each_link link
    ;;
  uninstall)
    each_link unlink_ours
    each_file remove
    ;;
esac
