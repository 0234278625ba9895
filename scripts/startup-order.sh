#!/usr/bin/env bash
# Lists the functions that a short `apus pub` and `apus sub` run, in the order of their first call.
# The linker puts them side by side, so that starting touches few pages of a large static program.
set -eu
cd "$(dirname "$0")/.."
out=$1
dir=$(mktemp -d)
broker=
trap 'kill $broker 2>/dev/null; rm -rf "$dir"' EXIT
APUS_LINK=static swift build -c release --static-swift-stdlib --product apus \
  --scratch-path .build-order >/dev/null 2>&1
program=.build-order/release/apus
port=$((20000 + RANDOM % 20000))
printf 'listener %s 127.0.0.1\nallow_anonymous true\n' $port >"$dir/conf"
PATH=$PATH:/usr/sbin mosquitto -c "$dir/conf" 2>/dev/null &
broker=$!
trace() {
  valgrind --tool=callgrind --dump-instr=yes --callgrind-out-file="$dir/$1" "$program" "${@:2}" \
    >/dev/null 2>&1 || true
}
until "$program" pub -h 127.0.0.1 -p $port -t order -r -m x -q 1 2>/dev/null; do sleep 0.1; done
trace pub0 pub -h 127.0.0.1 -p $port -t order -m x
trace pub1 pub -h 127.0.0.1 -p $port -t order -m x -q 1
trace sub sub -h 127.0.0.1 -p $port -t order -C 1 -q 1 -v
python3 - "$program" "$dir/pub0" "$dir/pub1" "$dir/sub" >"$out" <<'EOF'
import bisect, re, subprocess, sys
lines = subprocess.run(['nm', '-n', sys.argv[1]], capture_output=True, text=True).stdout.splitlines()
symbols = sorted((int(w[0], 16), w[2]) for w in map(str.split, lines) if len(w) == 3 and w[1] in 'tTwWvV')
addresses = [a for a, _ in symbols]
seen = set()
for trace in sys.argv[2:]:
    last = 0
    for line in open(trace):
        m = re.match(r'(0x[0-9a-f]+|[+-][0-9]+) ', line)
        if not m:
            continue
        last = int(m[1], 16) if m[1].startswith('0x') else last + int(m[1])
        i = bisect.bisect_right(addresses, last) - 1
        a = addresses[i]
        while i >= 0 and addresses[i] == a:
            if symbols[i][1] not in seen:
                seen.add(symbols[i][1])
                print(symbols[i][1])
            i -= 1
EOF
echo "order: $(wc -l <"$out") functions"
