#!/usr/bin/env bash
# Shows messages going through: a real broker, one subscriber, three publishers fed by a pipe.
set -eu
: "${APUS:?run this by make demo}"
export PATH=$PATH:/usr/sbin
dir=$(mktemp -d)
broker= subscriber=
finish() {
  for pid in $subscriber $broker; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$dir"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Waits up to ten seconds for a command to succeed.
await() {
  local end=$((SECONDS + 10))
  until "$@" 2>/dev/null; do
    [ $SECONDS -lt $end ] || { echo "demo: gave up waiting for: $*" >&2; exit 1; }
    sleep 0.02
  done
}

start_broker() {
  port=$((20000 + RANDOM % 20000))
  printf 'listener %s 127.0.0.1\nallow_anonymous true\nmax_queued_messages 100000\n' "$port" >"$dir/conf"
  [ "$(id -u)" != 0 ] || echo 'user root' >>"$dir/conf"
  mosquitto -c "$dir/conf" >"$dir/log" 2>&1 &
  broker=$!
  await answers
  kill -0 $broker 2>/dev/null
}
answers() { ! kill -0 $broker 2>/dev/null || "$APUS" pub -h 127.0.0.1 -p "$port" -t demo/hello -n; }

# Another program may have the port: then the broker ends and the next port is tried.
for _ in 1 2 3 4 5; do start_broker && break; done
kill -0 "$broker" || { echo "demo: the broker does not start:" >&2; cat "$dir/log" >&2; exit 1; }
echo "A mosquitto broker listens on 127.0.0.1:$port."
echo

lines=20000
total=$((3 * lines))
"$APUS" sub -h 127.0.0.1 -p "$port" -t 'demo/+/+' -q 2 -C $total -v -d >"$dir/out" 2>"$dir/debug" &
subscriber=$!
await grep -q SUBACK "$dir/debug"
echo "$ apus sub -t 'demo/+/+' -q 2 -v"
echo
for qos in 0 1 2; do
  began=$(date +%s%N)
  seq -f 'reading %.0f' $lines | "$APUS" pub -h 127.0.0.1 -p "$port" -t "demo/qos/$qos" -q $qos -l
  printf '$ seq -f "reading %%.0f" %s | apus pub -t demo/qos/%s -q %s -l     # %s ms\n' \
    $lines $qos $qos $((($(date +%s%N) - began) / 1000000))
done
wait $subscriber
subscriber=
echo
for qos in 0 1 2; do
  grep "^demo/qos/$qos " "$dir/out" >"$dir/qos"
  printf 'QoS %s: %s messages arrived, in order: ' $qos "$(wc -l <"$dir/qos")"
  seq -f "demo/qos/$qos reading %.0f" $lines | cmp -s - "$dir/qos" && echo yes || { echo no; exit 1; }
  printf '  %s\n' "$(head -1 "$dir/qos")" '…' "$(tail -1 "$dir/qos")"
done
