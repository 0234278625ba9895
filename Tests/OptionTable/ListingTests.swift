import OptionTable
import Testing

@Suite("Options listed as a file") struct ListingTests {
  private let parser = Parser(Post.send, of: Post.program)

  private func listing(_ file: [UInt8], _ arguments: [Argument] = []) throws -> String {
    let file = OptionFile(name: "F", bytes: file, isOwn: false, isPrivate: true)
    let gathered = try parser.gather(arguments[...]) { _ in [file] }
    return Post.send.description.listing(of: gathered)
  }

  @Test func whereEachComesFrom() throws {
    let text = try listing(
      Array("\n-h a\n--retain\n-q 0\n-D connect user-property 'a b' c".utf8),
      ["-q1", "--no-retain", "--profile", "x", "-Dpublish", "format", "1", "--seal=secret"])
    #expect(
      text == """
        # F:2
        --host a
        # F:3, overridden
        # --retain
        # F:4, overridden
        # --qos 0
        # F:5
        --property connect user-property 'a b' c
        # command line
        --qos 1
        # command line
        --property publish format 1
        # command line, secret
        # --seal ****

        """)
  }

  @Test("reads back as it was", arguments: 0..<500) func readsBack(_ seed: Int) throws {
    let alphabet = Array("ab $'\"\\#=-\n\t\r\u{1B}\u{E9}".utf8) + [0xFF, 0x80, 0x7F, 1]
    let word = {
      Argument(bytes: (0..<Int.random(in: 0...8)).map { _ in alphabet.randomElement()! })
    }
    let values = [word(), word(), word()]
    let line: [Argument] = [
      "-m", values[0], "-D", "connect", "user-property", values[1], values[2],
    ]
    let text = try listing([], line)
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
    let file = OptionFile(name: "F", bytes: Array(text.utf8), isOwn: true, isPrivate: false)
    let found = try parser.gather([]) { _ in [file] }
    #expect(found.mistake == nil, "\(text)")
    #expect(
      found.occurrences.map(\.values) == [
        [values[0]], ["connect", "user-property"] + values[1...],
      ])
  }

  /// Lines of `-D connect user-property X Y` are words to a shell as well.
  @Test func aShellReadsTheSame() throws {
    let parts = [
      "a", "'b'", "'\\'", "\"c'\"", "\"\\$\\`\\\"\\\\\\d\"", "$'\\x41\\102\\e\\''", "\\ ", "\\'",
      "#x", "=", "''",
    ]
    for _ in 0..<100 {
      let words = (0..<2).map { _ in
        "a" + (0..<Int.random(in: 0...5)).map { _ in parts.randomElement()! }.joined()
      }
      let line = words.joined(separator: " ")
      let file = OptionFile(
        name: "F", bytes: Array("-D connect user-property \(line)".utf8), isOwn: true,
        isPrivate: true)
      let found = try parser.gather([]) { _ in [file] }
      let printed = try Shell.run("bash", ["--norc"], on: "printf '%s|' \(line)")
      #expect(
        found.occurrences.first?.values.dropFirst(2).map { $0.text! + "|" }.joined() == printed,
        "\(line)")
    }
  }

  @Test(
    "masks the password of a URL",
    arguments: [
      ("mqtt://u:secret@h/t", "mqtt://u:****@h/t"), ("mqtt://u:a@b:c@h", "mqtt://u:****@h"),
      ("mqtt://u@h:1/t", "mqtt://u@h:1/t"), ("mqtt://h:1/a@b", "mqtt://h:1/a@b"),
      ("mqtt://:secret@h", "mqtt://:****@h"), ("u:secret@h", "u:****@h"), ("", ""),
    ] as [(Argument, String)])
  func urls(_ url: Argument, _ shown: String) throws {
    let text = try listing([], ["--call", url])
    let isSecret = url.text != shown
    #expect(
      text
        == "# command line\(isSecret ? ", secret" : "")\n\(isSecret ? "# " : "")--call \(shown.isEmpty ? "''" : shown)\n"
    )
  }
}
