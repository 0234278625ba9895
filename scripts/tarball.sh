#!/usr/bin/env bash
# Makes a tar file of the statically linked program, its manual pages, completions and documents: to be used where it
# is unpacked, or put below /usr/local by 'tar --directory /usr/local --strip-components 1'.  The same sources make the
# same bytes.
set -eu
: "${SOURCE_DATE_EPOCH:?run this by make tarball}"
cd "$(dirname "$0")/.."
make LINK=static build
version=$(.build/release/apus --version | sed 's/.* //')
name=apus-$version-linux-$(uname -m)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
make --silent LINK=static DESTDIR="$dir" PREFIX="/$name" install
install -D -m 644 -t "$dir/$name/share/doc/apus" README.md CHANGELOG.md LICENSE
install -D -m 644 -t "$dir/$name/share/doc/apus/docs" docs/*
mkdir -p .build/packages
out=.build/packages/$name.tar.gz
tar --create --directory "$dir" --sort=name --owner=0 --group=0 --numeric-owner --mode=go=rX,u+rw,a-s \
  --mtime="@$SOURCE_DATE_EPOCH" "$name" | gzip -9n >"$out"
echo "$out"
