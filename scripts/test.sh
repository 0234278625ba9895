#!/usr/bin/env bash
# Runs the test suites, and tries real brokers where all those of `make interop` are installed; what failed is
# told once more at the end, where it is found.
set -u -o pipefail
log=$(mktemp)
trap 'rm -f "$log"' EXIT
tests() {
  swift test "$@" || return
  # Alone: brokers in Java and Erlang take the processors.
  [ $# != 0 ] || ! scripts/interop.sh --installed ||
    APUS_INTEROP=check swift test --skip-build --filter InteropTests
}
tests "$@" 2>&1 | tee "$log" && exit
grep -A 30 "recorded an issue" "$log" | grep -v "^◇\|^✔\|^✘ Suite\|^--" | cut -c 1-1000 | tail -100 >&2
exit 1
