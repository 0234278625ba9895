import Foundation
import TestSupport
import Testing

/// What the shell reads: words, quotes, variables, aliases, files.
@Suite("apus repl, language") struct ReplLanguageTests {
  struct Row: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var text: String
    var output: String

    init(_ name: String, _ text: String, _ output: String) {
      testDescription = name
      self.text = text
      self.output = output
    }
  }

  static let rows: [Row] = [
    Row("words", "echo a  b\tc", "a b c\n"),
    Row("separators", "echo a;echo b\n;;\necho c;", "a\nb\nc\n"),
    Row("single quotes", "echo 'a  $x \"b\"'", "a  $x \"b\"\n"),
    Row("double quotes", #"echo "a  'b' \" \\ \n""#, "a  'b' \" \\ \\n\n"),
    Row("escapes", #"echo $'a\tb\x41\''"#, "a\tbA'\n"),
    Row("a backslash", #"echo a\ \ b \; c"#, "a  b ; c\n"),
    Row("an empty word", "echo a '' b", "a  b\n"),
    Row("a quotation over two lines", "echo 'a\nb'; echo c", "a\nb\nc\n"),
    Row("a line that goes on", "echo a \\\n  b", "a b\n"),
    Row("comments", "# one\necho a # two\necho a#b", "a\na#b\n"),
    Row("an outlet is none in a word", "echo a>b", "a>b\n"),
    Row("variables", "set x 'a  b'; echo $x ${x}c \"$x\" '$x'", "a  b a  bc a  b $x\n"),
    Row("a variable of the environment", "echo $REPL_TEST", "from outside\n"),
    Row("a dollar sign alone", "echo $ a$ $1", "$ a$ $1\n"),
    Row("topics with a dollar sign", "echo $SYS/# $share/g/a", "$SYS/# $share/g/a\n"),
    Row(
      "unset", "set x 1; set REPL_TEST inside; unset REPL_TEST; echo $REPL_TEST", "from outside\n"),
    Row("set lists", "set b 2; set a '1 2'; set pub -q 1", ""),
    Row("alias", "alias hi 'echo hello'; hi you", "hello you\n"),
    Row("an alias with its own name", "alias echo 'echo >>'; echo x", ""),
    Row("an alias of several commands", "alias both 'echo a; echo b'; both c", "a\nb c\n"),
    Row("a program", "!echo \"a;b\" | tr a-z A-Z\necho c", "A;B\nc\n"),
    Row("an alias for a program", "alias say '!printf %s.'; say 'a b' c", "a b.c."),
    Row("a byte order mark", "\u{feff}echo a", "a\n"),
    Row("the home folder", "set HOME /there; set x a; echo ~/b$x '~/c' d~/", "/there/ba ~/c d~/\n"),
    Row("quit", "echo a; quit; echo b", "a\n"),
    Row("exit", "echo a; exit; echo b", "a\n"),
    Row("a carriage return", "echo a\r\necho b\r\n", "a\nb\n"),
    Row("a NUL and what is not UTF-8", "echo a\u{1}b", "a\u{1}b\n"),
  ]

  @Test(arguments: rows.filter { !$0.output.isEmpty }) func reads(_ row: Row) throws {
    let run = try Self.shell(["-c", row.text])
    #expect(try run.wait() == .exited(0), "\(run.errorText)")
    #expect(run.outputText == row.output)
  }

  private static func shell(_ words: [String]) throws -> RunningProgram {
    try RunningProgram(
      [Program.apus, "repl"] + words, environment: ["REPL_TEST": "from outside"])
  }

  static let mistakes: [Row] = [
    Row(
      "an open quotation", "echo a; echo 'b",
      "1: column 14: the quotation that ' begins is not closed"),
    Row(
      "an open quotation, of lines", "echo a\necho \"b\nc",
      "2: column 6: the quotation that \" begins is not closed"),
    Row("a backslash at the end", "echo a\\", "1: column 7: a backslash ends the text"),
    Row("no file behind >", "echo a >", "1: column 9: a file's name is needed behind '>'"),
    Row("no command behind |", "echo a |", "1: column 9: a command is needed behind '|'"),
    Row("nothing before |", "| cat", "1: column 1: a command is needed before '>' and '|'"),
    Row("an unknown command", "echo; pbu", "1: unknown command 'pbu' (did you mean 'pub'?)"),
    Row(
      "an unknown option", "\npub --tpic a",
      "2: pub: unknown option '--tpic' (did you mean '--topic'?)"),
    Row(
      "an option of another command", "pub -h x",
      "1: pub: '-h' is an option of 'connect', not of 'pub'"),
    Row(
      "an unknown variable", "echo $nix",
      "1: there is no variable 'nix': 'set nix VALUE' makes one; quote a '$' that is none"),
    Row("no connection", "wait a", "1: wait: not connected: 'connect -h HOST' makes a connection"),
    Row(
      "a comment where a filter was meant", "sub -t #",
      "1: sub: option -t needs a value: FILTER ('#' begins a comment unless it is quoted)"),
    Row(
      "an outlet that is none", "echo a > /nonexistent",
      "1: echo: '>' and '|' go behind sub and messages only"),
    Row(
      "control characters", "pub\u{1b}[2J",
      "1: unknown command 'pub\\x1b[2J'; 'help' lists the commands"),
    Row("a missing file", "source /nonexistent/a", "1: /nonexistent/a: no such file or directory"),
    Row(
      "aliases that call one another", "alias a b; alias b a; a",
      "1: files and aliases call one another, 32 deep"),
    Row("a program that fails", "!exit 3", "1: !: the command ended with status 3"),
    Row(
      "a number that is none", "show x",
      "1: show: 'x' is not a whole number from 1 to 9223372036854775807"),
  ]

  @Test(arguments: mistakes) func tells(_ row: Row) throws {
    let run = try Self.shell(["-c", row.text])
    let status: Int32 = row.text == "!exit 3" ? 3 : 1
    #expect(try run.wait() == .exited(status))
    #expect(run.errorText == "apus repl: -c:\(row.output)\n")
  }

  @Test func `source names the inner file and line`() throws {
    let folder = TemporaryDirectory()
    let inner = try folder.write(Array("echo in\n\nnonsense\n".utf8), to: "inner")
    let outer = try folder.write(Array("echo out\nsource \(inner)\n".utf8), to: "outer")
    let run = try Self.shell([outer])
    #expect(try run.wait() == .exited(1))
    #expect(run.outputText == "out\nin\n")
    #expect(run.errorText.hasPrefix("apus repl: \(inner):3: unknown command"))
  }

  @Test func `lines of standard input are done as they come`() throws {
    let run = try RunningProgram([Program.apus, "repl"], input: .open)
    run.write("echo 'one\n")
    run.write("two'\n")
    try eventually("the first command", within: 10) { run.outputText == "one\ntwo\n" }
    run.write("exit 9\n")
    #expect(try run.wait() == .exited(9))
  }

  @Test func `a secret in -c is not in the list of processes`() throws {
    let run = try Self.shell(["-c", "set connect -u me -P 5ec7e7; set; echo up; sleep 30"])
    try eventually("the shell to be up", within: 10) { run.outputText.hasSuffix("up\n") }
    let line = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(run.pid)/cmdline"))
    #expect(line.range(of: Data("5ec7e7".utf8)) == nil)
    #expect(run.outputText == "connect -u me -P '****'\nup\n")
    run.send(SIGTERM)
    #expect(try run.wait() == .signaled(SIGTERM))
  }

  @Test func `help tells every command and its options`() throws {
    let run = try Self.shell(["-c", "help; help sub; help !"])
    #expect(try run.wait() == .exited(0))
    for word in [
      "connect", "topics", "template", "--retain-as-published", "Usage: sub [OPTION...]",
      "Run a program by /bin/sh",
    ] {
      #expect(run.outputText.contains(word), "\(word)")
    }
  }
}
