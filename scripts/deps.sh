#!/usr/bin/env bash
# Installs what demo and tests need and this machine lacks.  Silent when all is there.
set -eu
# A command that has to be there, and Debian's package that brings it.
needs='mosquitto:mosquitto mosquitto_pub:mosquitto-clients mosquitto_passwd:mosquitto
  mandoc:mandoc man:man-db zsh:zsh fish:fish jq:jq openssl:openssl python3:python3
  microsocks:microsocks tinyproxy:tinyproxy softhsm2-util:softhsm2 sqlite3:sqlite3'
needs="$needs ${NEEDS:-}"
export PATH=$PATH:/usr/sbin:/sbin
cd "$(dirname "$0")/.."
missing=
for need in $needs; do
  command -v "${need%%:*}" >/dev/null || missing="$missing ${need##*:}"
done
# An implementation of sealed payloads that is not ours.
python3 -c 'import cryptography' 2>/dev/null || missing="$missing python3-cryptography"
# OpenSSL's way to a token.
ls /usr/lib/*/engines-3/pkcs11.so >/dev/null 2>&1 || missing="$missing libengine-pkcs11-openssl"
# OpenSSL to build with, its static form among it.
[ -e /usr/include/openssl/ssl.h ] || missing="$missing libssl-dev"
# libedit, and what its static form needs.
[ -e /usr/include/histedit.h ] || missing="$missing libedit-dev"
# SQLite, likewise.
[ -e /usr/include/sqlite3.h ] || missing="$missing libsqlite3-dev"
# Python's environments, for what comes from PyPI.
python3 -c 'import ensurepip' 2>/dev/null || missing="$missing python3-venv"
# A root that debootstrap has made knows no localhost.
getent hosts localhost >/dev/null || missing="$missing netbase"
if [ -n "$missing" ]; then
  missing=$(printf '%s\n' $missing | sort -u | tr '\n' ' ')
  as_root=
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
      echo "deps: install these packages and try again: $missing" >&2
      exit 1
    }
    as_root=sudo
  fi
  echo "deps: installing with ${as_root:+sudo }apt-get: $missing"
  export DEBIAN_FRONTEND=noninteractive
  $as_root apt-get update -qq
  # shellcheck disable=SC2086
  $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
# HdrHistogram's Python implementation, with which a test reads our logs.  Without a way to PyPI that test
# is left out.
python=.build/python
if [ ! -x $python/bin/python ] || ! $python/bin/python -c 'import hdrh' 2>/dev/null; then
  { python3 -m venv $python &&
    $python/bin/pip install --quiet --retries 0 --timeout 10 hdrhistogram==0.10.8; } >/dev/null 2>&1 ||
    { rm -rf $python; echo "deps: no hdrhistogram from PyPI; the test that needs it is left out" >&2; }
fi
