import Foundation
import TestSupport
import Testing

@Suite("apus config") struct ConfigCommandTests {
  let home = ConfigHome()

  @Test("shows each option, where it comes from, and which files were looked for")
  func shows() throws {
    let shared = try home.write("-h broker.local\n\n-C 5\n-q 1\n", to: "config")
    let profile = try home.write("-u joe\n-P hunter2\n-t 'b c'", to: "profiles/plant-a")
    let result = try home.run(["config", "sub", "--profile", "plant-a", "-q2", "-t", "x"])
    #expect(result.ending == .exited(0))
    #expect(result.errors == "")
    #expect(
      result.output == """
        # \(shared): read
        # \(home.path("sub")): not there
        # \(profile): read
        # \(shared):1
        --host broker.local
        # \(shared):3
        --count 5
        # \(shared):4, overridden
        # --qos 1
        # \(profile):1
        --username joe
        # \(profile):2, secret
        # --pw ****
        # \(profile):3
        --topic b c
        # command line
        --qos 2
        # command line
        --topic x

        """)
  }

  @Test("without a command it shows what all share, and checks it for each") func shared() throws {
    let path = try home.write("-C 5\n-r\n-t a\n", to: "config")
    #expect(try home.options([]) == ["--count 5", "--retain", "--topic a"])
    try home.write("-C 5\n-r\n-t a/#\n", to: "config")
    let result = try home.run(["config"])
    #expect(result.ending == .exited(1))
    #expect(
      result.errors
        == "apus config: \(path):3: -t: 'a/#' is no topic to publish to: '+' and '#' are wildcards "
        + "(as 'apus pub' reads it)\n")
    #expect(try home.run(["config", "sub"]).ending == .exited(0))
  }

  @Test("its output is a file that means the same") func readsBack() throws {
    try home.write(
      "-h broker.local\n--retain\n-D publish user-property 'a b' \"it's\"\n", to: "pub")
    let line = [
      "config", "pub", "-m", " a\nb\u{1b}[2J\u{e9}'\"", "-t", "x/\"y\"", "--no-retain", "-k30",
      "-D", "will", "user-property", "", "#",
    ]
    let first = try home.run(line)
    #expect(first.ending == .exited(0))
    #expect(!first.output.unicodeScalars.contains("\u{1b}"))
    let copy = try home.write(first.output, to: "copy")
    let strip = { (text: String) in
      text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    }
    let again = try home.run(["config", "pub", "-o", copy])
    #expect(again.ending == .exited(0), "\(again.errors)")
    #expect(strip(again.output) == strip(first.output))
    #expect(strip(first.output).count == 6)
  }

  @Test(
    "words that are none",
    arguments: [
      ("puv", "unknown command 'puv' (did you mean 'pub'?)"),
      ("config", "unknown command 'config'"), ("pub x", "unexpected argument 'x'"),
      ("pub -C 1", "'-C' is an option of 'apus sub' and 'apus rr', not of 'apus pub'"),
      ("--profile nope", "--profile: there is no file "), ("pub -q 7", "-q: '7' is not 0, 1 or 2"),
    ])
  func mistakes(_ row: (line: String, says: String)) throws {
    let result = try home.run(["config"] + row.line.split(separator: " ").map(String.init))
    #expect(result.ending == .exited(1))
    #expect(result.output.isEmpty)
    expectOneLine(result.errors, from: "config")
    #expect(result.errors.hasPrefix("apus config: \(row.says)"), "\(result.errors)")
  }

  @Test("its own help", arguments: ["config --help", "config pub --help", "help config"])
  func help(_ line: String) throws {
    let result = try home.run(line.split(separator: " ").map(String.init))
    #expect(result.ending == .exited(0))
    #expect(result.output.hasPrefix("Usage: apus config [COMMAND] "))
  }
}
