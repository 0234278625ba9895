#!/usr/bin/env bash
# Builds and runs each libFuzzer target of Tests/Fuzz for FUZZ_SECONDS (600).
set -eu
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-600}
out=.build-fuzz
mkdir -p $out
flags=(-g -O -parse-as-library -package-name apus -sanitize=fuzzer,address -I $out -I Sources/COpenSSL -swift-version 6)
objects=()
for module in MQTTProtocol MQTTSession StreamProtocols Sealing; do
  find "Sources/$module" -name '*.swift' -print0 |
    xargs -0 swiftc "${flags[@]}" -wmo -module-name $module -emit-module \
      -emit-module-path $out/$module.swiftmodule -emit-object -o $out/$module.o
  objects+=("$out/$module.o")
done
for target in Tests/Fuzz/*.swift; do
  name=$(basename "$target" .swift)
  echo "fuzz: $name, $seconds s"
  swiftc "${flags[@]}" -module-name "Fuzz_$name" "$target" "${objects[@]}" -o "$out/$name" \
    2> >(grep -v 'Cannot export local symbol' >&2)
  mkdir -p "$out/corpus-$name"
  SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 "$out/$name" -max_total_time="$seconds" -print_final_stats=1 \
    -artifact_prefix="$out/" "$out/corpus-$name" 2>"$out/$name.log" ||
    { tail -40 "$out/$name.log" >&2; exit 1; }
  grep -E 'stat::number_of_executed_units|DONE' "$out/$name.log" || true
done
