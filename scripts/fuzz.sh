#!/usr/bin/env bash
# Builds and runs each libFuzzer target of Tests/Fuzz, or the one that TARGET names, for TIME seconds (600).
# They begin with Tests/Fuzz/corpus; what a run adds stays in .build-fuzz.
set -eu
cd "$(dirname "$0")/.."
seconds=${TIME:-600}
targets=(Tests/Fuzz/${TARGET:-*}.swift)
[ -f "${targets[0]}" ] || { echo "fuzz: there is no ${targets[0]}" >&2; exit 1; }
out=.build-fuzz
build=(swift build --configuration release --scratch-path $out)
# Of two `--sanitize` the compiler would heed the last.
APUS_LINK=dynamic "${build[@]}" --target Commands -Xswiftc -sanitize=fuzzer,address -Xswiftc -enable-testing
objects=$("${build[@]}" --show-bin-path)
# What is `package` in the modules is there for who says the same name.
package=$(sed -n '/"-module-name","Commands"/s/.*"-package-name","\([^"]*\)".*/\1/p' $out/release.yaml)
flags=(-g -O -parse-as-library -swift-version 6 -package-name "$package" -sanitize=fuzzer,address)
flags+=(-I "$objects/Modules" -Xcc -fmodule-map-file="$objects/CStartUp.build/module.modulemap")
flags+=(-Xcc -ISources/CStartUp/include -I $out/checkouts/swift-numerics/Sources/_NumericsShims/include)
for module in Sources/C*/module.modulemap; do flags+=(-Xcc -fmodule-map-file="$module"); done

for target in "${targets[@]}"; do
  name=$(basename "$target" .swift)
  # A target imports what it needs, but for the modules that Commands stands on: all of them.
  modules=$(sed -n 's/^\(@testable \)\?import //p' "$target")
  files=()
  for module in $modules; do files+=("$objects/$module.build"/*.o); done
  case $modules in *Commands*) files=("$objects"/*.build/*.o) ;; esac
  echo "fuzz: $name, $seconds s"
  swiftc "${flags[@]}" -module-name "Fuzz_$name" "$target" "${files[@]}" -o "$out/$name" \
    2> >(grep -v 'Cannot export local symbol' >&2)
  mkdir -p "$out/corpus-$name"
  SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0:malloc_context_size=0 "$out/$name" \
    -max_total_time="$seconds" -print_final_stats=1 -artifact_prefix="$out/" \
    "$out/corpus-$name" "Tests/Fuzz/corpus/$name" </dev/null 2>"$out/$name.log" ||
    { tail -40 "$out/$name.log" >&2; exit 1; }
  grep -E 'stat::number_of_executed_units|DONE' "$out/$name.log" || true
done
