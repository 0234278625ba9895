#!/usr/bin/env bash
# Lists the functions and data that a short `apus pub` and `apus sub` touch, in the order of their first use.
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
  valgrind --tool=lackey --trace-mem=yes --log-file="$dir/$1" "$program" "${@:2}" >/dev/null 2>&1 || true
}
until "$program" pub -h 127.0.0.1 -p $port -t order -r -m x -q 1 2>/dev/null; do sleep 0.1; done
trace pub0 pub -p $port -t order -m x
trace pub1 pub -h 127.0.0.1 -p $port -t order -m x -q 1
trace sub sub -h 127.0.0.1 -p $port -t order -C 1 -q 1 -v
python3 - "$program" "$dir/pub0" "$dir/pub1" "$dir/sub" >"$out" <<'EOF'
import bisect, subprocess, sys
lines = subprocess.run(['nm', '-n', sys.argv[1]], capture_output=True, text=True).stdout.splitlines()
symbols = sorted(
    (int(w[0], 16), w[2]) for w in map(str.split, lines) if len(w) == 3 and w[1] in 'tTwWvVbBdDrR')
addresses = [a for a, _ in symbols]
end = addresses[-1] + (1 << 16)
seen = set()
for trace in sys.argv[2:]:
    # "I  00401000,3" an instruction, " L 1ffe,8", " S", " M" data.
    for line in open(trace):
        if line[:3] not in ('I  ', ' L ', ' S ', ' M '):
            continue
        address = int(line[3:].split(',')[0], 16)
        if not addresses[0] <= address < end:
            continue
        i = bisect.bisect_right(addresses, address) - 1
        first = addresses[i]
        while i >= 0 and addresses[i] == first:
            if symbols[i][1] not in seen:
                seen.add(symbols[i][1])
                print(symbols[i][1])
            i -= 1
EOF
echo "order: $(wc -l <"$out") functions and data"
