#!/usr/bin/env bash
# Runs the test suites; what failed is told once more at the end, where it is found.
set -u -o pipefail
log=$(mktemp)
trap 'rm -f "$log"' EXIT
swift test "$@" 2>&1 | tee "$log" && exit
grep -A 30 "recorded an issue" "$log" | grep -v "^◇\|^✔\|^✘ Suite\|^--" | cut -c 1-1000 | tail -100 >&2
exit 1
