import OptionTable
import Testing

/// A file of options for `post send` and what comes of it.
struct FileRow: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var bytes: [UInt8]
  var result: Result<String, OptionError>

  init(_ name: String, _ text: String, _ seen: String...) {
    testDescription = name
    bytes = Array(text.utf8)
    result = .success(seen.joined(separator: "; "))
  }

  init(_ name: String, _ text: String, error: String) {
    testDescription = name
    bytes = Array(text.utf8)
    result = .failure(OptionError(error))
  }
}

@Suite("Files of options") struct FileReaderTests {
  static let accepted = [
    FileRow("nothing", ""),
    FileRow("comments and empty lines", "# -q 7\n\n   \t\n  # --nope\n\r\n"),
    FileRow("a letter", "-q 1\n", "qos 1"),
    FileRow("a long name", "--qos 1\n", "qos 1"),
    FileRow("a long name and =", "--qos=1\n", "qos 1"),
    FileRow("blanks around all of it", "  -q \t 1\t \n", "qos 1"),
    FileRow("no newline at the end", "-q 1", "qos 1"),
    FileRow("lines as Windows ends them", "-q 1\r\n-v\r\n-m a b\r\n", "qos 1", "v", "message a b"),
    FileRow("a byte order mark", "\u{FEFF}-v\n", "v"),
    FileRow("flags", "-v\n--retain\n--keep-it \n", "v", "retain", "retain"),
    FileRow("the rest of the line", "-m hello  world # all\n", "message hello  world # all"),
    FileRow("quotes within", "-m it's a \"b\" \\n\n", "message it's a \"b\" \\n"),
    FileRow("a value that looks like an option", "-m -v\n-f --\n", "message -v", "file --"),
    FileRow("= in the value", "-m a=b\n--message=c=d\n", "message a=b", "message c=d"),
    FileRow("= with nothing", "--message=\n", "message "),
    FileRow("a value after = with blanks", "--message= a b \n", "message a b"),
    FileRow("single quotes", "-m ' a \\ \"'\n", "message  a \\ \""),
    FileRow("double quotes", #"-m " a \" \\ \$ \` \n ' ""# + "\n", #"message  a " \ $ ` \n ' "#),
    FileRow("quotes side by side", #"-m 'it'\''s'" so""#, "message it's so"),
    FileRow("no value in quotes", "-m ''\n--message=\"\"\n", "message ", "message "),
    FileRow("escapes", #"-m $'\x41\102\t\'\\'"#, "message AB\\x09'\\"),
    FileRow("a dollar sign", "-m $SYS/#\n", "message $SYS/#"),
    FileRow(
      "several words", "-D publish user-property 'a b' \"c d\"\\ e\n",
      "property publish user-property a b c d e"),
    FileRow(
      "several words after =", "--property=publish format 1", "property publish format 1"),
    FileRow("letters beyond ASCII", "-m \u{E9}\u{4E2D}\n", "message \u{E9}\u{4E2D}"),
    FileRow("another command's option", "-C 1\n--folder a b\n-v\n", "v"),
    FileRow("an undone flag", "--retain\n-v\n--no-retain\n", "v"),
    FileRow("undone under another name", "--keep-it\n--no-retain\n"),
    FileRow("undone and done again", "--retain\n--no-retain\n--retain\n", "retain"),
    FileRow("an undone value, which nobody looks at", "-q 7\n--no-qos\n-v", "v"),
    FileRow("an undone option that nobody set", "--no-retain\n"),
  ]

  static let refused = [
    FileRow(
      "unknown", "-v\n\n--hots x\n", error: "F:3: unknown option '--hots' (did you mean '--host'?)"),
    FileRow(
      "unknown, near a sibling's", "--foldr x",
      error: "F:1: unknown option '--foldr' (did you mean '--folder'?)"),
    FileRow("unknown letter", "-z 1", error: "F:1: unknown option '-z'"),
    FileRow(
      "unknown --no-X", "--no-retian",
      error: "F:1: unknown option '--no-retian' (did you mean '--no-retain'?)"),
    FileRow("no dash", "host x", error: "F:1: 'host' is no option (did you mean '--host'?)"),
    FileRow("no dash, no option", "hello", error: "F:1: 'hello' is no option"),
    FileRow(
      "one dash for two", "-host x",
      error: "F:1: a line is one option: a blank is missing behind '-h' (did you mean '--host'?)"),
    FileRow(
      "an attached value is not shown", "-msecret",
      error: "F:1: a line is one option: a blank is missing behind '-m'"),
    FileRow(
      "two flags in a word", "-vv",
      error: "F:1: a line is one option: a blank is missing behind '-v'"),
    FileRow("dashes only", "-\n", error: "F:1: '-' is no option"),
    FileRow("two dashes", "--\n", error: "F:1: unknown option '--'"),
    FileRow("a letter that is not ASCII", "-\u{E9} x", error: "F:1: '-\u{E9}' is no option"),
    FileRow(
      "too long for an option", "--" + String(repeating: "x", count: 100),
      error: "F:1: no option is 102 bytes long"),
    FileRow("no value", "-q\n", error: "F:1: option -q needs a value: LEVEL"),
    FileRow("no second word", "-D publish\n", error: "F:1: option -D needs a value: NAME"),
    FileRow("a value for a flag", "--retain yes", error: "F:1: option --retain takes no value"),
    FileRow("= for a flag", "--retain=", error: "F:1: option --retain takes no value"),
    FileRow("a value for --no-X", "--no-qos 1", error: "F:1: option --no-qos takes no value"),
    FileRow(
      "a value that the effect refuses", "\n-q 7\n", error: "F:2: -q: '7' is not 0, 1 or two's"),
    FileRow(
      "a word that is no choice", "-D publisch format 0", error: "F:1: -D: 'publisch' is no stamp"),
    FileRow(
      "a word too many", "-D publish format 0 1",
      error: "F:1: -D: more follows its value, which needs quotes around all of it"),
    FileRow(
      "more behind the quotes", "-m 'a' b",
      error: "F:1: -m: more follows its value, which needs quotes around all of it"),
    FileRow(
      "an open quote", "-m 'a\n-v'\n",
      error: "F:1: -m: the quotation that ' begins is not closed on its line"),
    FileRow(
      "an open double quote", "-m \"a\\\"\n",
      error: "F:1: -m: the quotation that \" begins is not closed on its line"),
    FileRow(
      "an open $'", "-m $'a\\'\n",
      error: "F:1: -m: the quotation that $' begins is not closed on its line"),
    FileRow(
      "a backslash at the end", "-D publish format \\", error: "F:1: -D: a backslash ends the line"),
    FileRow("an unknown escape", "-m $'\\q'", error: "F:1: -m: '\\q' is no escape"),
    FileRow("an escape for NUL", "-m $'\\0'", error: "F:1: -m: '\\0' is no escape"),
    FileRow("a NUL byte", "-v\n-m a\0b", error: "F:2: a NUL byte is in the line"),
    FileRow("help", "--help", error: "F:1: --help works on the command line only"),
    FileRow("a profile", "--profile x", error: "F:1: --profile works on the command line only"),
    FileRow(
      "the first mistake counts", "-q 7\n--nope\n", error: "F:1: -q: '7' is not 0, 1 or two's"),
    FileRow(
      "another command's option without its value", "-C\n",
      error: "F:1: option -C needs a value: COUNT"),
  ]

  private func outcome(
    _ bytes: [UInt8], _ arguments: [Argument] = [], isOwn: Bool = false, isPrivate: Bool = true
  ) -> Result<String, OptionError> {
    let parser = Parser(Post.send, of: Post.program)
    let file = OptionFile(name: "F", bytes: bytes, isOwn: isOwn, isPrivate: isPrivate)
    return Result { () throws(OptionError) in
      let gathered = try parser.gather(arguments[...]) { _ in [file] }
      switch try parser.apply(gathered, to: PostSettings()) {
      case .run(let settings): return settings.seen.joined(separator: "; ")
      case .help: return "help"
      case .version: return "version"
      }
    }
  }

  @Test(arguments: accepted + refused) func reads(_ row: FileRow) {
    #expect(outcome(row.bytes) == row.result)
  }

  @Test func theCommandLineIsLast() {
    #expect(outcome(Array("-q 0".utf8), ["-q1"]) == .success("qos 0; qos 1"))
    #expect(outcome(Array("--retain".utf8), ["-v", "--no-retain"]) == .success("v"))
    #expect(
      outcome(Array("-v".utf8), ["--no-retain=x"])
        == .failure(OptionError("option --no-retain takes no value")))
    #expect(
      outcome(Array("--nope".utf8), ["-q", "7"])
        == .failure(OptionError("F:1: unknown option '--nope'")))
  }

  @Test func helpNeedsNoFile() {
    #expect(outcome(Array("--nope".utf8), ["--help"]) == .success("help"))
  }

  @Test func inItsOwnFileACommandKnowsEveryOption() {
    let text = "F:1: '-C' is an option of 'post fetch', not of 'post send'"
    #expect(outcome(Array("-C 1".utf8), isOwn: true) == .failure(OptionError(text)))
  }

  @Test(
    "a secret stands in files that nobody else can read",
    arguments: ["--seal x", "--seal=x\n--no-seal", "--seal ''"])
  func secrets(_ text: String) {
    let error = OptionError(
      "F:1: --seal holds a secret, and other users may read the file: chmod 600 F")
    #expect(outcome(Array(text.utf8), isPrivate: false) == .failure(error))
    #expect(outcome(Array("-v".utf8), isPrivate: false) == .success("v"))
  }

  @Test func aFileIsNamedOnce() {
    #expect(
      outcome([], ["--profile", "a", "--profile=b"])
        == .failure(OptionError("option --profile is there twice")))
    #expect(outcome([], ["--profile", "a", "--no-profile", "--profile=b"]) == .success(""))
  }

  @Test func everyTextIsOneLineWhateverTheBytes() {
    let alphabet = Array("--=qmDvrz1 \n\u{1B}'\"$\\#".utf8) + [0xFF, 0xC3, 0xA9, 0x80, 0, 0x0D]
    for _ in 0..<3000 {
      let bytes = (0..<Int.random(in: 0...20)).compactMap { _ in alphabet.randomElement() }
      if case .failure(let error) = outcome(bytes) {
        #expect(error.text.unicodeScalars.allSatisfy { $0.value >= 0x20 }, "\(bytes)")
      }
    }
  }
}
