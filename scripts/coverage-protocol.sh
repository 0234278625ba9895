#!/usr/bin/env bash
# For each of the 138 lines of the protocol checklist (the rules of MQTT 3.1.1 and 5.0 for clients), the
# first test that names it by `#NUMBER`.  Fails when a line has none.
set -eu
cd "$(dirname "$0")/.."
missing=
for number in $(seq 1 138); do
  test=$(grep -rnE --include='*.swift' --include='*.case' "#$number\b" Tests | tr -s ' ' | sort | head -n 1)
  [ -n "$test" ] || missing="$missing $number"
  printf '%3s  %s\n' "$number" "${test:-no test}"
done
[ -z "$missing" ] || { echo "coverage-protocol: no test names these lines:$missing" >&2; exit 1; }
