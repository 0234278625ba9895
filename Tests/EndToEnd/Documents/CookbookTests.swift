import Foundation
import TestSupport
import Testing

/// README's recipes, each run as it stands there, with the programs beside it that it wants.
@Suite("Cookbook", .ownThread) struct CookbookTests {
  /// What is done with a recipe, which sh runs: bash, with `run`, `start`, `stop` and `await` (see `prelude`).
  struct Play: Sendable, CustomTestStringConvertible {
    let title: String
    let script: String
    var testDescription: String { title }

    init(_ title: String, _ script: String) {
      self.title = title
      self.script = script
    }
  }

  /// `run` runs the recipe; `start` runs it beside the rest, with output in `out`, and `stop` ends it; `await`
  /// tries a command until it succeeds; `program NAME` makes one of standard input; `units` asks systemd,
  /// where there is one, what it thinks of the recipe's files.
  private static let prelude = """
    set -u
    started=
    trap '[ -z "$started" ] || kill -KILL -- -$started' EXIT
    run() { sh -c "$recipe"; }
    start() { setsid sh -c "$recipe" >out 2>err & started=$!; }
    stop() { kill -TERM -- -$started; wait $started; started=; }
    fail() { echo "failed: $*" >&2; cat out err >&2; exit 1; }
    await() { for _ in $(seq 100); do "$@" >/dev/null 2>&1 && return; sleep 0.1; done; fail "$@"; }
    program() { { echo '#!/bin/bash'; cat; } >"bin/$1"; chmod +x "bin/$1"; }
    units() {
      awk '/^# .*[.](service|timer)$/ { name = $2; next } { print >name }' name=a.service <<<"$block"
      ! command -v systemd-analyze >/dev/null ||
        ! systemd-analyze verify $(find . -maxdepth 1 -name '*.service' -o -name '*.timer') 2>&1 |
        grep -v 'apus is not executable'
    }
    retained() { [ "$(apus sub -t "$1" -C 1 -W 5)" = "$2" ]; }
    says() { apus pub -t "$1" -m "$2" -q 1; grep -q -- "$3" "$4"; }

    """

  static let plays = [
    Play(
      "cron: a value every five minutes, kept for those who come later",
      "run; apus sub -t host/disk -C 1 -W 5 | grep -qE '^[0-9]+$'"),
    Play(
      "cron: readings that outlast any outage",
      """
      program read-meter <<<'echo $((++n)) | tee "$HOME/number"'
      sed -i '2i n=$(cat "$HOME/number")' bin/read-meter; echo 0 >number
      apus sub -c -i m -t meter/1 -q 2 -E
      # An outage is not mailed, what is not stored is.
      [ -z "$(ALL_PROXY=socks5://127.0.0.1:1 run 2>&1)" ] || fail 'an outage is quiet'; run
      [ "$(apus sub -c -i m -t meter/1 -q 2 -C 2 -W 5 | xargs)" = '1 2' ] || fail 'both readings'
      rm -r spool; touch spool; [ "$(run 2>&1)" = 'meter/1: status 73' ]
      """),
    Play(
      "systemd: a timer that publishes",
      """
      units || fail; apus sub -c -i s -t host/load -q 1 -E; run
      apus sub -c -i s -t host/load -q 1 -C 1 -W 5 | grep -qE '^[0-9]+[.][0-9]+$'
      """),
    Play(
      "systemd: a command for each message, none lost while it restarts",
      """
      units && grep -q '^StartLimitIntervalSec=0' a.service && grep -q '^RestartSec=' a.service || fail
      program logger <<<'echo "$*: $(cat)" >>logged'
      touch logged
      start; await says cmd/door open '-t door: open' logged; stop
      apus pub -t cmd/door -m closed -q 1
      start; await grep -q closed logged; stop
      """),
    Play(
      "Log shipping: every line of a file",
      """
      touch app.log got; apus sub -t logs/app -q 1 >got & reader=$!
      start; line() { echo "a line" >>app.log; grep -q 'a line' got; }
      await line; stop; kill $reader
      """),
    Play(
      "Log shipping: the journal",
      """
      program journalctl <<'E'
      while sleep 0.1; do echo '{"_SYSTEMD_UNIT": "a.service", "MESSAGE": "hi", "X": 1}'; done
      E
      start
      [ "$(apus sub -t journal/+ -C 1 -W 10)" = '{"unit":"a.service","text":"hi"}' ] || fail
      """),
    Play(
      "Log keeping: a file for each day",
      """
      start; payload=$'x  y\n../evil pwned'
      line() { apus pub -t logs/a -m "$payload" -q 1; grep -q logs/a "$(date +%F).log"; }
      await line; stop
      [ "$(head -n 1 "$(date +%F).log" | jq -r .payload)" = "$payload" ] && [ ! -e ../evil.log ]
      """),
    Play(
      "jq: one member of each payload",
      """
      start; await says zigbee2mqtt/a '{"temperature": 21.5}' '^zigbee2mqtt/a 21.5$' out; stop
      """),
    Play(
      "jq: messages made anew on the way",
      """
      touch got; apus sub -t fahrenheit/a -q 1 >got & reader=$!
      start; await says celsius/a 100 '^212$' got; stop; kill $reader
      """),
    Play(
      "A table for the spreadsheet",
      """
      start
      lines() { apus pub -t 'home/a"b/temperature' -q 1 -l <<<$'=evil()\n1,2\n20'; [ -s temperatures.csv ]; }
      await lines; wait $started; started=; [ $(wc -l <temperatures.csv) -ge 33 ] || fail
      ! grep -qvE '^"20[0-9T:.+-]+","home/a""b/temperature",20$' temperatures.csv
      """),
    Play(
      "Home Assistant: a sensor that it finds by itself",
      """
      run
      [ "$(apus sub -t homeassistant/+/boiler/config -C 1 -W 5 | jq -r .unique_id)" = boiler ]
      """),
    Play(
      "Home Assistant: shown as unavailable as soon as the sensor is gone",
      """
      program read-boiler <<<'while echo 60; do sleep 0.1; done'
      apus sub -t boiler/available >seen & reader=$!
      start; await retained boiler/temperature 60; retained boiler/available online || fail
      # The broker ends the connection of whom another comes for: it says offline, the next reading online.
      apus sub -i boiler -t x -E
      back() { grep -A 1 offline seen | grep -q online; }; await back; kill $reader
      kill -KILL -- -$started; started=; await retained boiler/available offline
      start; await retained boiler/available online; stop; retained boiler/available offline || fail
      program read-boiler <<<'echo 61'
      run; retained boiler/temperature 61 && retained boiler/available offline
      """),
    Play(
      "Prometheus: a file for the node exporter's textfile collector",
      """
      for room in 1 22.5; do apus pub -t home/$room/temperature -m $room -r -q 1; done
      evil() { apus pub -t "home/$1/temperature" -m "$2" -r -q 1; }
      evil c n/a; evil d $'1\nevil_metric 666'; evil e -nan; evil f ''; evil 'g"} 1 #' 2; evil 'h\\i' 3
      run; sort home.prom >sorted
      printf 'home_temperature_celsius{topic="home/%s/temperature"} %s\\n' 1 1 22.5 22.5 | cmp - sorted
      """),
    Play(
      "A device that isn't there: values",
      """
      program sleep <<<'exec /bin/sleep 0.05'
      start; apus sub -t mock/temperature -C 20 -W 20 >values; stop
      [ "$(grep -cE '^2[0-9]$' values)" = 20 ] && [ "$(sort -u values | wc -l)" -gt 1 ]
      """),
    Play(
      "A device that isn't there: a lamp that can be set and asked",
      """
      start; ask() { [ "$(apus rr -t lamp/get -m '' -q 1 -W 1)" = $1 ]; }; await ask off
      set() { apus pub -t lamp/set -m on -q 1; grep -q '^on$' lamp; }; await set; await ask on; stop
      """),
    Play("CI: does the broker work?", "[ \"$(run)\" = 'ci hello' ]"),
    Play(
      "CI: wait for an event, but not for ever",
      """
      start; await says deploy/done 1.2 '^1.2$' version
      [ "$(sed 's/-W 60/-W 0.1/' <<<"$recipe" | sh 2>&1 >/dev/null; echo $?)" = \\
        $'apus sub: timed out\\nno deployment within a minute\\n1' ]
      """),
    Play(
      "CI: fail when the broker has become slow",
      "run || fail; ! sed 's/p99<1s/p99<1us/' <<<\"$recipe\" | sh 2>err"),
    Play(
      "Retained messages: saved, and brought back",
      """
      for q in 0 2; do apus pub -t keep/$q -m $q -r -q $q -D publish content-type x; done
      sh -c "${recipe%$'\\n'*}"; apus sub -t 'keep/#' --remove-retained -C 2 -W 5 >out
      sh -c "${recipe##*$'\\n'}"
      [ "$(apus sub -V 5 -q 2 -t 'keep/#' -C 2 -W 5 -F '%t %q %r %C %p' | sort | xargs)" = \
        'keep/0 0 1 x 0 keep/2 2 1 x 2' ]
      """),
    Play(
      "Retained messages: cleared away",
      """
      apus pub -t old/a -m x -r -q 1; apus pub -t new/a -m y -r -q 1
      [ "$(run)" = 'removed old/a' ] && [ "$(apus sub -t '#' --idle-timeout 0.3 -v)" = 'new/a y' ]
      """),
    Play(
      "Files, whatever is in them",
      "head -c 100000 /dev/urandom >picture.jpg; run; cmp picture.jpg received.jpg"),
    Play(
      "A mail for each alarm",
      """
      program mail <<<'echo "$* $(cat)" >>mails'; touch mails
      start; await says alarm/fire kitchen '^-s alarm/fire root kitchen$' mails; stop
      """),
  ]

  @Test("every recipe has its test") func complete() throws {
    #expect(try Self.recipes().map(\.title) == Self.plays.map(\.title))
  }

  @Test("runs as it stands in the README", arguments: plays) func runs(_ play: Play) throws {
    let recipe = try #require(try Self.recipes().first { $0.title == play.title })
    let broker = try Mosquitto(logsPackets: false)
    let folder = TemporaryDirectory()
    for name in ["bin", ".config/apus"] {
      try FileManager.default.createDirectory(
        atPath: folder.file(name), withIntermediateDirectories: true)
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("bin/apus"), withDestinationPath: Program.apus)
    let address = "-h 127.0.0.1\n-p \(broker.port)\n"
    _ = try folder.write(Array(address.utf8), to: ".config/apus/config")
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let program = try RunningProgram(
      ["bash", "-c", "cd \"$HOME\"\n" + Self.prelude + play.script],
      environment: [
        "PATH": folder.file("bin") + ":" + path, "HOME": folder.path, "recipe": recipe.script,
        "block": recipe.block, "XDG_CONFIG_HOME": "",
      ])
    #expect(try program.wait(within: 40) == .exited(0), "\(program.errorText)")
  }

  /// Title, text and commands of each.
  private static func recipes() throws -> [(title: String, block: String, script: String)] {
    let text = try String(
      contentsOf: GeneratedFilesTests.package.appendingPathComponent("README.md"), encoding: .utf8)
    let section = text.components(separatedBy: "\n## Cookbook\n").last ?? ""
    let end = section.firstRange(of: "\n## ")?.lowerBound ?? section.endIndex
    return section[..<end].components(separatedBy: "\n### ").dropFirst().map { part in
      let lines = part.split(separator: "\n", omittingEmptySubsequences: false)
      let block = lines.drop { !$0.hasPrefix("```") }
      let body = block.dropFirst().prefix { $0 != "```" }
      let commands: [Substring] =
        switch block.first {
        case "```cron": Self.crontab(body)
        case "```ini": Self.unit(body)
        default: Array(body)
        }
      return (
        String(lines[0]), body.joined(separator: "\n"), commands.joined(separator: "\n")
      )
    }
  }

  /// What cron runs: all behind the five fields of the time, with Debian's PATH if the table names none.
  private static func crontab(_ lines: ArraySlice<Substring>) -> [Substring] {
    ["export PATH=/usr/bin:/bin"]
      + lines.map { line in
        guard line.hasPrefix("PATH=") else { return line.split(separator: " ", maxSplits: 5)[5] }
        return Substring(line.replacing("/usr/local/bin", with: "\"$HOME/bin\""))
      }
  }

  /// What systemd runs, which knows no HOME but a user's.
  private static func unit(_ lines: ArraySlice<Substring>) -> [Substring] {
    (lines.contains { $0.hasPrefix("User=") } ? [] : ["unset HOME"])
      + lines.filter { $0.hasPrefix("ExecStart=") }.map { $0.dropFirst(10) }
  }
}
