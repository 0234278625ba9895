import OptionTable
import Testing

/// A command line and what comes of it: the effects in order, or the text of the error.
struct Row: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var arguments: [Argument]
  var result: Result<[String], OptionError>

  init(_ name: String, _ arguments: [Argument], _ seen: [String]) {
    testDescription = name
    self.arguments = arguments
    result = .success(seen)
  }

  init(_ name: String, _ arguments: [Argument], error: String) {
    testDescription = name
    self.arguments = arguments
    result = .failure(OptionError(error))
  }
}

@Suite("The shell grammar") struct ParserTests {
  static let accepted = [
    Row("nothing", [], []),
    Row("a value in the next word", ["-q", "1"], ["qos 1"]),
    Row("a value attached to the letter", ["-q1"], ["qos 1"]),
    Row("a long name", ["--qos", "1"], ["qos 1"]),
    Row("a long name and =", ["--qos=1"], ["qos 1"]),
    Row("a value that has = itself", ["--message=a=b"], ["message a=b"]),
    Row("= is part of a value attached to the letter", ["-m=b"], ["message =b"]),
    Row("an empty value", ["-m", ""], ["message "]),
    Row("an empty value after =", ["--message="], ["message "]),
    Row("flags in one word", ["-vr1"], ["v", "retain", "once"]),
    Row("flags and a value in the next word", ["-vm", "x"], ["v", "message x"]),
    Row("flags and a value in the same word", ["-vmr"], ["v", "message r"]),
    Row("a value that looks like an option", ["-m", "-v", "-f", "--"], ["message -v", "file --"]),
    Row("a value that is a dash", ["-f", "-"], ["file -"]),
    Row("nothing after --", ["-v", "--"], ["v"]),
    Row("a further name", ["--register", "--keep-it"], ["retain", "retain"]),
    Row("a hidden option", ["--xyzzy"], ["xyzzy"]),
    Row("every time is one", ["-q0", "-q1"], ["qos 0", "qos 1"]),
    Row("bytes that are not UTF-8", ["-m", Argument(bytes: [0x61, 0xFF])], ["message a\\xff"]),
    Row("such bytes attached", [Argument(bytes: [0x2D, 0x6D, 0xC3])], ["message \\xc3"]),
    Row(
      "three words", ["-D", "publish", "format", "0", "-v"], ["property publish format 0", "v"]),
    Row(
      "four words", ["--property", "connect", "user-property", "-v", "--"],
      ["property connect user-property -v --"]),
    Row("words in either case", ["-D", "PUBLISH", "Format", "1"], ["property PUBLISH Format 1"]),
    Row("the first word attached", ["-Dpublish", "format", "1"], ["property publish format 1"]),
    Row(
      "the first word after =", ["--property=publish", "format", "1", "-v"],
      ["property publish format 1", "v"]),
  ]

  static let undoing = [
    Row("a flag undone", ["--retain", "-v", "--no-retain"], ["v"]),
    Row("under another of its names", ["-r", "--no-keep-it"], []),
    Row("undone before", ["--no-retain", "--retain"], ["retain"]),
    Row("a value undone", ["-q", "7", "--no-qos", "-q0"], ["qos 0"]),
    Row("a value that looks like it", ["-m", "--no-message"], ["message --no-message"]),
  ]

  static let refused = [
    Row("no value", ["-q"], error: "option -q needs a value: LEVEL"),
    Row("no value for a long name", ["-v", "--qos"], error: "option --qos needs a value: LEVEL"),
    Row("no second word", ["-D", "publish"], error: "option -D needs a value: NAME"),
    Row(
      "no fourth word", ["-D", "publish", "user-property", "k"],
      error: "option -D needs a value: VALUE"),
    Row("a value for a flag", ["--retain=x"], error: "option --retain takes no value"),
    Row("an empty value for a flag", ["--retain="], error: "option --retain takes no value"),
    Row("a value the effect refuses", ["--qos", "7"], error: "--qos: '7' is not 0, 1 or two's"),
    Row("such a value attached", ["-q7"], error: "-q: '7' is not 0, 1 or two's"),
    Row(
      "a word that is no choice", ["-D", "publisch", "format", "0"],
      error: "-D: 'publisch' is no stamp"),
    Row("no number", ["--delay", "5x"], error: "--delay: '5x' is not a whole number from 5 to 60"),
    Row("too small", ["--delay=4"], error: "--delay: '4' is not a whole number from 5 to 60"),
    Row(
      "too large for any number", ["--delay", "99999999999999999999"],
      error: "--delay: '99999999999999999999' is not a whole number from 5 to 60"),
    Row(
      "letters swapped", ["--retian"],
      error: "unknown option '--retian' (did you mean '--retain'?)"),
    Row(
      "a letter left out, with a value", ["--mesage=x"],
      error: "unknown option '--mesage' (did you mean '--message'?)"),
    Row(
      "the start of a name", ["--prop"],
      error: "unknown option '--prop' (did you mean '--property'?)"),
    Row(
      "one dash for two", ["-register"],
      error: "unknown option '-e' in '-register' (did you mean '--register'?)"),
    Row(
      "no flag to undo", ["--no-retian"],
      error: "unknown option '--no-retian' (did you mean '--no-retain'?)"),
    Row("help cannot be undone", ["--no-help"], error: "unknown option '--no-help'"),
    Row(
      "a value for what undoes", ["--no-qos=1"], error: "option --no-qos takes no value"),
    Row("like no name", ["--volume"], error: "unknown option '--volume'"),
    Row("a hidden option is not suggested", ["--xyzzz"], error: "unknown option '--xyzzz'"),
    Row("three dashes", ["---"], error: "unknown option '---'"),
    Row("no name before =", ["--=x"], error: "unknown option '--'"),
    Row("an unknown letter", ["-z"], error: "unknown option '-z'"),
    Row("an unknown letter among flags", ["-vz"], error: "unknown option '-z' in '-vz'"),
    Row(
      "a letter that is not ASCII", ["-\u{E9}"],
      error: "unknown option '-\u{E9}' in '-\u{E9}'"),
    Row(
      "a byte that is no letter", [Argument(bytes: [0x2D, 0xFF])],
      error: "unknown option '-\\xff'"),
    Row("control characters", ["--\u{1B}[2J\n"], error: "unknown option '--\\x1b[2J\\x0a'"),
    Row(
      "an option of a sibling", ["-C", "1"],
      error: "'-C' is an option of 'post fetch', not of 'post send'"),
    Row(
      "a long option of a sibling", ["--folder=x"],
      error: "'--folder' is an option of 'post fetch', not of 'post send'"),
    Row("a stray word", ["-v", "x"], error: "unexpected argument 'x'"),
    Row("an empty word", [""], error: "unexpected argument ''"),
    Row("a dash", ["-"], error: "unexpected argument '-'"),
    Row("an option after --", ["--", "-v"], error: "unexpected argument '-v'"),
    Row("the second --", ["--", "--"], error: "unexpected argument '--'"),
    Row("the first mistake counts", ["-q", "7", "--nope"], error: "-q: '7' is not 0, 1 or two's"),
    Row("a mistake before --help", ["-z", "--help"], error: "unknown option '-z'"),
  ]

  private func outcome(of arguments: [Argument]) -> Result<String, OptionError> {
    Result { () throws(OptionError) in
      switch try Parser(Post.send, of: Post.program).parse(arguments[...], into: PostSettings()) {
      case .run(let settings): settings.seen.joined(separator: "; ")
      case .help: "help"
      case .version: "version"
      }
    }
  }

  @Test(arguments: accepted + undoing + refused) func parses(_ row: Row) {
    #expect(outcome(of: row.arguments) == row.result.map { $0.joined(separator: "; ") })
  }

  @Test func helpAndVersionEndTheLine() {
    #expect(outcome(of: ["-v", "--help", "--nope"]) == .success("help"))
    #expect(outcome(of: ["--version", "x"]) == .success("version"))
    #expect(outcome(of: ["--help=x"]) == .failure(OptionError("option --help takes no value")))
    #expect(outcome(of: ["-h", "--help"]) == .success("host --help"))
  }

  @Test func settingsOfEarlierAreKept() throws {
    let parser = Parser(Post.send, of: Post.program)
    guard case .run(let settings) = try parser.parse(["-v"], into: PostSettings(seen: ["file"]))
    else {
      Issue.record("no settings")
      return
    }
    #expect(settings.seen == ["file", "v"])
  }

  @Test func theProgramIsNotAskedForWithoutAMistake() throws {
    func program() -> ProgramSpec {
      Issue.record("asked")
      return Post.program
    }
    _ = try Parser(Post.send, of: program()).parse(["-v", "-q1"], into: PostSettings())
  }

  @Test func everyTextIsOneLineWhateverTheBytes() {
    var random = SystemRandomNumberGenerator()
    let alphabet = Array("--=qmDvrz1 \n\u{1B}".utf8) + [0xFF, 0xC3, 0xA9, 0x80, 0]
    for _ in 0..<3000 {
      let words = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        Argument(bytes: (0..<Int.random(in: 0...6)).compactMap { _ in alphabet.randomElement() })
      }
      if case .failure(let error) = outcome(of: words) {
        #expect(error.text.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "\(words)")
      }
    }
  }

  @Test func aLongLineTakesTimeInProportion() {
    let flags = Argument(bytes: [0x2D] + Array(repeating: 0x76, count: 100_000))
    #expect(outcome(of: [flags]) != .success(""))
    let unknown = Argument(bytes: [0x2D, 0x2D] + Array(repeating: 0x76, count: 1_000_000))
    guard case .failure = outcome(of: [unknown]) else {
      Issue.record("accepted")
      return
    }
  }
}

@Suite("Words of the command line") struct ArgumentTests {
  @Test(
    arguments: [
      ("plain text", "a b", "a b"),
      ("letters beyond ASCII", "\u{E9}\u{4E2D}\u{1F600}", "\u{E9}\u{4E2D}\u{1F600}"),
      ("newline and tab", "a\n\tb", "a\\x0a\\x09b"),
      ("delete", "\u{7F}", "\\x7f"),
      ("a C1 control", "\u{9B}2J", "\\xc2\\x9b2J"),
      ("a direction override", "\u{202E}x", "\\xe2\\x80\\xaex"),
      ("nothing", "", ""),
    ] as [(String, Argument, String)])
  func shows(_ name: String, _ argument: Argument, _ shown: String) {
    #expect(argument.shown == shown)
    #expect(argument.text != nil)
  }

  @Test func showsEveryByteOfWhatIsNotUTF8() {
    let broken = Argument(bytes: [0x61, 0xE2, 0x82, 0x62, 0xFF, 0xED, 0xA0, 0x80, 0xF0])
    #expect(broken.shown == "a\\xe2\\x82b\\xff\\xed\\xa0\\x80\\xf0")
    #expect(broken.text == nil)
    #expect(throws: OptionError("'\(broken.shown)' is not UTF-8 text")) { try broken.string() }
  }
}

@Suite("The first word") struct DispatchTests {
  static let rows: [(String, [Argument], Result<Dispatch, OptionError>)] = [
    ("a command", ["send", "-v"], .success(.run(.send, ["-v"]))),
    ("help", ["help"], .success(.help(nil))),
    ("--help", ["--help"], .success(.help(nil))),
    ("help for a command", ["help", "fetch"], .success(.help(.fetch))),
    ("--version", ["--version"], .success(.version)),
    ("nothing", [], .failure(OptionError("a command is needed: send or fetch"))),
    (
      "a slip", ["sned"],
      .failure(OptionError("unknown command 'sned' (did you mean 'send'?)"))
    ),
    ("help for none", ["help", "x"], .failure(OptionError("unknown command 'x'"))),
    ("help for two", ["help", "send", "x"], .failure(OptionError("unexpected argument 'x'"))),
    ("an option first", ["-t"], .failure(OptionError("a command must come before '-t'"))),
    ("an empty word", [""], .failure(OptionError("unknown command ''"))),
  ]

  @Test(arguments: rows)
  func picks(_ name: String, _ line: [Argument], _ result: Result<Dispatch, OptionError>) {
    // As the program does it: the words after its own name.
    let words = (["post"] + line).dropFirst()
    let picked = Result { () throws(OptionError) in
      try Dispatch(words, among: [.send, .fetch])
    }
    #expect(picked == result)
  }
}
