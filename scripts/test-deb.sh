#!/usr/bin/env bash
# Installs the packages of `make deb` into a root of their own with apt-get, uses what they bring, removes them,
# and looks for what is left.  Needs root and debootstrap.
set -eu
cd "$(dirname "$0")/.."
NEEDS='debootstrap:debootstrap' scripts/deps.sh
packages=("$PWD"/.build-deb/packages/*.deb)
[ -e "${packages[0]}" ] || { echo "test-deb: run make deb first" >&2; exit 1; }
root=$(mktemp -d)
broker=
finish() {
  [ -z "$broker" ] || kill "$broker" 2>/dev/null || true
  umount "$root/proc" 2>/dev/null || true
  rm -rf "$root"
}
trap finish EXIT
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "$@"; }

echo "A fresh Debian 12 in $root"
mirror=$(sed -n 's/^URIs: *//p; s/^deb  *\(\[[^]]*\]  *\)\{0,1\}\(http[^ ]*\) .*/\2/p' \
  /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1)
debootstrap --variant=minbase --include=man-db,mosquitto,bash-completion bookworm "$root" "$mirror" >"$root.log" 2>&1 ||
  { tail "$root.log" >&2; exit 1; }
rm -f "$root.log"
# Manual pages are wanted: images for containers leave them out.
rm -f "$root"/etc/dpkg/dpkg.cfg.d/*
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
cp /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc" 2>/dev/null || true
cp "${packages[@]}" "$root/root/"

files() { (cd "$root" && find . -path ./proc -prune -o -path ./var/log -prune -o -path ./var/cache -prune -o \
  -path ./var/lib/dpkg/info -prune -o -path ./var/lib/apt -prune -o -path ./tmp -prune -o -print | sort); }
files >"$root/tmp/before"

echo "apt-get install"
inside sh -c 'apt-get install -y -qq --no-install-recommends /root/*.deb' >/dev/null 2>"$root/tmp/errors" ||
  { cat "$root/tmp/errors" >&2; exit 1; }
inside apus --version
for page in apus apus-pub apus-sub apus-protocol mosquitto_pub; do
  inside sh -c "man -P cat $page | grep -q ." || { echo "no manual page $page" >&2; exit 1; }
done
[ "$(inside bash -c '. /usr/share/bash-completion/bash_completion; _completion_loader apus
  COMP_WORDS=(apus sub --unsub) COMP_CWORD=2; _apus; echo $COMPREPLY')" = --unsubscribe ]
[ -e "$root/usr/share/zsh/vendor-completions/_apus" ]
[ -e "$root/usr/share/fish/vendor_completions.d/apus.fish" ]

echo "The packaged mosquitto, and messages"
port=$((20000 + RANDOM % 20000))
printf 'listener %s 127.0.0.1\nallow_anonymous true\nuser root\n' $port >"$root/tmp/conf"
chroot "$root" /usr/sbin/mosquitto -c /tmp/conf >"$root/tmp/log" 2>&1 &
broker=$!
up=
for _ in $(seq 100); do inside apus pub -h 127.0.0.1 -p $port -t up -n 2>/dev/null && up=1 && break; sleep 0.1; done
[ -n "$up" ] || { echo "test-deb: no broker:" >&2; cat "$root/tmp/log" >&2; exit 1; }
inside apus pub -h 127.0.0.1 -p $port -t hello -r -q 1 -m world
[ "$(inside apus sub -h 127.0.0.1 -p $port -t hello -C 1 -W 5)" = world ]
[ "$(inside mosquitto_sub -h 127.0.0.1 -p $port -t hello -C 1 -W 5 -v)" = 'hello world' ]
kill $broker
broker=

echo "apt-get purge"
inside apt-get purge -y -qq apus apus-mosquitto-links >/dev/null 2>&1
files >"$root/tmp/after"
# Directories that apt itself has made, and man-db's index, are not ours.
if diff "$root/tmp/before" "$root/tmp/after" | grep '^>' | grep -i 'apus\|mosquitto_'; then
  echo "test-deb: this was left behind" >&2
  exit 1
fi
echo "Nothing is left behind."
