import Foundation
import TestSupport
import Testing

/// Files that cannot be used: one line, status 1, and nothing to the broker.
@Suite("Broken files of options") struct BrokenConfigTests {
  let home = ConfigHome()

  /// A file's text, and what the line says behind its name.
  static let texts: [(String, String)] = [
    ("-q 1\n--hots x\n", ":2: unknown option '--hots' (did you mean '--host'?)\n"),
    ("host x", ":1: 'host' is no option (did you mean '--host'?)\n"),
    ("-q 7", ":1: -q: '7' is not 0, 1 or 2\n"),
    ("\r\n-p\r\n", ":2: option -p needs a value: PORT\n"),
    ("--retain=1", ":1: option --retain takes no value\n"),
    ("-o x", ":1: -o works on the command line only\n"),
    ("--profile x", ":1: --profile works on the command line only\n"),
    ("--help", ":1: --help works on the command line only\n"),
    ("-m 'x", ":1: -m: the quotation that ' begins is not closed on its line\n"),
    ("-m\0x", ":1: a NUL byte is in the line\n"),
    ("-Phunter2", ":1: a line is one option: a blank is missing behind '-P'\n"),
    ("--\u{1b}[2J", ":1: unknown option '--\\x1b[2J'\n"),
    (
      "-D publish content-type a b",
      ":1: -D: more follows its value, which needs quotes around all of it\n"
    ),
    (String(repeating: "-", count: 1 << 20), ":1: no option is 1048576 bytes long\n"),
    (String(repeating: "\n", count: 1 << 20 + 1), ": larger than 1048576 bytes\n"),
  ]

  private func expect(_ words: [String], says text: String) throws {
    let broker = try ScriptedBroker { _ in }
    let result = try home.run(["pub"] + words + ["-t", "a", "-m", "x"] + broker.address)
    #expect(result.ending == .exited(1))
    #expect(result.output.isEmpty)
    #expect(result.errors == "apus pub: \(text)")
    #expect((try? broker.accept(within: 0)) == nil, "the broker was connected to")
  }

  @Test(arguments: texts) func text(_ row: (text: String, says: String)) throws {
    for name in ["config", "pub", "profiles/p", "other"] {
      let home = ConfigHome()
      let path = try home.write(row.text, to: name)
      let words = ["profiles/p": ["--profile", "p"], "other": ["-o", path]][name] ?? []
      let broker = try ScriptedBroker { _ in }
      let result = try home.run(["pub", "-t", "a", "-m", "x"] + words + broker.address)
      #expect(result.ending == .exited(1))
      #expect(result.errors == "apus pub: \(path)\(row.says)")
      #expect((try? broker.accept(within: 0)) == nil, "the broker was connected to")
    }
  }

  @Test("an option of another command, in the command's own file") func sibling() throws {
    let path = try home.write("-C 1", to: "pub")
    try expect(
      [], says: "\(path):1: '-C' is an option of 'apus sub' and 'apus rr', not of 'apus pub'\n")
  }

  @Test("files that are none") func kinds() throws {
    try home.write("", to: "profiles/plant-a")
    let folder = home.path("")
    try expect(["-o", folder], says: "\(folder): is a directory\n")
    let pipe = home.path("pipe")
    mkfifo(pipe, 0o600)
    try expect(["-o", pipe], says: "\(pipe): is no regular file\n")
    for (link, target) in [("link", "profiles/plant-a"), ("loop", "loop"), ("dangling", "none")] {
      symlink(target, home.path(link))
      try expect(
        ["-o", home.path(link)],
        says: "\(home.path(link)): is a symbolic link, which is not followed\n")
    }
    symlink("profiles/plant-a", home.path("config"))
    try expect([], says: "\(home.path("config")): is a symbolic link, which is not followed\n")
    try expect(["-o", "/dev/zero"], says: "/dev/zero: larger than 1048576 bytes\n")
    try expect(["-o", "/dev/fd/99"], says: "/dev/fd/99: bad file descriptor\n")
    try expect(["-o", "/proc/none/x"], says: "-o: there is no file '/proc/none/x'\n")
    try expect(["-o", ""], says: "-o: there is no file ''\n")
    try expect(["-o", "/dev/null", "-o", "x"], says: "option -o is there twice\n")
  }

  @Test("profiles that are none") func profiles() throws {
    try home.write("", to: "profiles/plant-a")
    try expect(
      ["--profile", "plnat-a"],
      says:
        "--profile: there is no file '\(home.path("profiles/plnat-a"))' (did you mean 'plant-a'?)\n"
    )
    for name in ["", "../config", ".hidden", "a/b"] {
      try expect(
        ["--profile", name],
        says: "--profile: '\(name)' is no profile's name: no '/', no '.' in front\n")
    }
    try expect(
      ["--profile", "plant-a", "--profile=b"], says: "option --profile is there twice\n")
  }

  @Test("any bytes", arguments: 0..<200) func bytes(_ seed: Int) throws {
    let head = Array("--message=-D publish content-type -q".utf8)
    let bytes = (0..<Int.random(in: 0...40)).map { _ in
      Bool.random() ? UInt8.random(in: 0...255) : head.randomElement()!
    }
    let path = try home.write(bytes, to: "pub")
    let result = try home.run(["config", "pub"])
    if result.ending != .exited(0) {
      #expect(result.ending == .exited(1), "\(bytes)")
      expectOneLine(result.errors, from: "config")
      #expect(result.errors.hasPrefix("apus config: \(path):"))
    }
  }
}
