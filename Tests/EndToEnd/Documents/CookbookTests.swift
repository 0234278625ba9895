import Foundation
import TestSupport
import Testing

/// README's recipes, each run as it stands there, with the programs beside it that it wants.
@Suite("Cookbook", .ownThread) struct CookbookTests {
  /// What is done with a recipe: bash, with `run`, `start`, `stop` and `await` (see `prelude`).
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
  /// tries a command until it succeeds; `program NAME` makes one of standard input.
  private static let prelude = """
    set -u
    started=
    trap '[ -z "$started" ] || kill -KILL -- -$started' EXIT
    run() { bash -c "$recipe"; }
    start() { setsid bash -c "$recipe" >out 2>err & started=$!; }
    stop() { kill -TERM -- -$started; wait $started; started=; }
    fail() { echo "failed: $*" >&2; cat out err >&2; exit 1; }
    await() { for _ in $(seq 100); do "$@" >/dev/null 2>&1 && return; sleep 0.1; done; fail "$@"; }
    program() { { echo '#!/bin/bash'; cat; } >"bin/$1"; chmod +x "bin/$1"; }
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
      program read-meter <<<'echo 42'
      run; apus sub -c -i m -t meter/1 -q 2 -E; run
      [ "$(apus sub -c -i m -t meter/1 -q 2 -C 1 -W 5)" = 42 ]
      """),
    Play(
      "systemd: a timer that publishes",
      """
      apus sub -c -i s -t host/load -q 1 -E; run
      apus sub -c -i s -t host/load -q 1 -C 1 -W 5 | grep -qE '^[0-9]+[.][0-9]+$'
      """),
    Play(
      "systemd: a command for each message, none lost while it restarts",
      """
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
      start; line() { apus pub -t logs/a -m 'x  y' -q 1; grep -q '^logs/a x  y$' "$(date +%F).log"; }
      await line; stop
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
      start; await apus pub -V 5 -q 1 -t home/a/temperature -m 0
      lines() { seq 20 | apus pub -t home/a/temperature -q 1 -l; [ $(wc -l <temperatures.csv) = 100 ]; }
      await lines; grep -qE '^20[0-9T:-]+,home/a/temperature,20$' temperatures.csv
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
      start; await retained boiler/temperature 60; retained boiler/available online || fail
      kill -KILL -- -$started; started=; await retained boiler/available offline
      """),
    Play(
      "Prometheus: a file for the node exporter's textfile collector",
      """
      for room in a b; do apus pub -t home/$room/temperature -m 2$room -r -q 1; done
      run; sort home.prom >sorted
      printf 'home_temperature_celsius{topic="home/%s/temperature"} 2%s\\n' a a b b | cmp - sorted
      """),
    Play(
      "A device that isn't there: values",
      "start; apus sub -t mock/temperature -C 1 -W 10 | grep -qE '^2[0-9]$' || fail; stop"),
    Play(
      "A device that isn't there: a lamp that can be set and asked",
      """
      touch lamp; start; set() { apus pub -t lamp/set -m on -q 1; grep -q '^on$' lamp; }; await set
      ask() { [ "$(apus rr -t lamp/get -m '' -q 1 -W 1)" = on ]; }; await ask; stop
      """),
    Play("CI: does the broker work?", "[ \"$(run)\" = 'ci hello' ]"),
    Play(
      "CI: wait for an event, but not for ever",
      """
      start; await says deploy/done 1.2 '^1.2$' version
      [ "$(sed 's/-W 60/-W 0.1/' <<<"$recipe" | bash 2>&1 >/dev/null; echo $?)" = \\
        $'apus sub: timed out\\nno deployment within a minute\\n1' ]
      """),
    Play(
      "CI: fail when the broker has become slow",
      "run || fail; ! sed 's/p99<1s/p99<1us/' <<<\"$recipe\" | bash 2>err"),
    Play(
      "Retained messages: saved, and brought back",
      """
      for name in a b; do apus pub -t keep/$name -m $name -r -q 1; done
      run; apus sub -t 'keep/#' --remove-retained -C 2 -W 5 >out; run; [ ! -s retained ] || fail
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
    for name in ["bin", "config/apus"] {
      try FileManager.default.createDirectory(
        atPath: folder.file(name), withIntermediateDirectories: true)
    }
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("bin/apus"), withDestinationPath: Program.apus)
    let address = "-h 127.0.0.1\n-p \(broker.port)\n"
    _ = try folder.write(Array(address.utf8), to: "config/apus/config")
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let program = try RunningProgram(
      ["bash", "-c", "cd \"$HOME\"\n" + Self.prelude + play.script],
      environment: [
        "PATH": folder.file("bin") + ":" + path, "HOME": folder.path, "recipe": recipe.script,
        "XDG_CONFIG_HOME": folder.file("config"),
      ])
    #expect(try program.wait(within: 40) == .exited(0), "\(program.errorText)")
  }

  /// Title and commands of each.
  private static func recipes() throws -> [(title: String, script: String)] {
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
        // Behind the five fields of the time.
        case "```cron": body.map { $0.split(separator: " ", maxSplits: 5)[5] }
        case "```ini": body.filter { $0.hasPrefix("ExecStart=") }.map { $0.dropFirst(10) }
        default: Array(body)
        }
      return (String(lines[0]), commands.joined(separator: "\n"))
    }
  }
}
