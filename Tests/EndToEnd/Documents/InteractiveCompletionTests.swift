import Foundation
import TestSupport
import Testing

/// The shipped completions in the shells that people type at, each at a terminal of its own.
@Suite("Completion at a prompt", .ownThread) struct InteractiveCompletionTests {
  /// What is typed before the tab, and the words that apus is given.
  static let lines: [(typed: String, completed: String)] = [
    ("apus re", "repl"),
    ("apus help ou", "help outbox"),
    ("apus sub --unsub", "sub --unsubscribe"),
    ("apus sub -v --idle", "sub -v --idle-timeout"),
    ("apus pub --on-loss e", "pub --on-loss exit"),
    ("apus pub -q 1 --max-si", "pub -q 1 --max-size"),
    ("apus pub -D publish resp", "pub -D publish response-topic"),
    ("apus sub --ack re", "sub --ack read"),
    ("apus rr --serv", "rr --serve"),
    ("apus bench --warm", "bench --warmup"),
    ("apus tls --tls-version tlsv1.3 --tls-al", "tls --tls-version tlsv1.3 --tls-alpn"),
    ("apus key --type x25", "key --type x25519"),
    ("apus config sub --profile pl", "config sub --profile plant-a"),
    ("apus outbox --max-inf", "outbox --max-inflight"),
    ("apus pub -f pict", "pub -f picture.jpg"),
    ("apus bench pubs", "bench pubsub"),
    ("apus bench comp", "bench compare"),
    ("apus bench compare pict", "bench compare picture.jpg"),
    ("apus bench merge a.json pict", "bench merge a.json picture.jpg"),
    ("apus outbox fl", "outbox flush"),
    ("apus outbox ls --outb", "outbox ls --outbox"),
    ("apus key pub", "key public"),
    ("apus key new --type x25519 pict", "key new --type x25519 picture.jpg"),
    ("apus config outb", "config outbox"),
    ("apus repl pict", "repl picture.jpg"),
    ("apus pub -m a:-t --hos", "pub -m a:-t --host"),
    ("apus sub -F @H:@M:-t --verb", "sub -F @H:@M:-t --verbose"),
    ("apus config sub --profile big", "config sub --profile big plant"),
    ("apus repl --keep-going pict", "repl --keep-going picture.jpg"),
  ]

  struct Prompt: Sendable, CustomTestStringConvertible {
    let shell: String
    let words: [String]
    /// Reads the completions, in the folder `$COMPLETIONS`.
    let setup: String
    /// Lines for it alone.
    var own: [(typed: String, completed: String)] = []
    var testDescription: String { shell }
  }

  /// In the program's place stands a function that tells what it was given.
  private static let function = #"apus() { echo "<$*>"; }; "#

  static let prompts = [
    Prompt(
      shell: "bash", words: ["--norc", "--noprofile", "-i"],
      setup: function + "source $COMPLETIONS/apus.bash",
      own: [("apus pub -f \"$D/pict", "pub -f ./picture.jpg")]),
    Prompt(
      shell: "zsh", words: ["-f", "-i"],
      setup: function + "fpath=($COMPLETIONS $fpath); autoload -Uz compinit; compinit -D -u"),
    Prompt(
      shell: "fish", words: ["--no-config", "-i"],
      setup: #"function apus; echo "<$argv>"; end; source $COMPLETIONS/apus.fish"#),
  ]

  @Test(arguments: prompts) func completes(_ prompt: Prompt) throws {
    let folder = TemporaryDirectory()
    try FileManager.default.createDirectory(
      atPath: folder.file("apus/profiles"), withIntermediateDirectories: true)
    for name in ["picture.jpg", "apus/profiles/plant-a", "apus/profiles/big plant"] {
      _ = try folder.write([], to: name)
    }
    let terminal = try PseudoTerminal(rows: 40, columns: 100)
    let shell = try RunningProgram(
      [prompt.shell] + prompt.words, input: .terminal(terminal),
      environment: [
        "TERM": "xterm", "LC_ALL": "C.UTF-8", "D": ".", "HOME": folder.path,
        "XDG_CONFIG_HOME": folder.path,
        "COMPLETIONS": GeneratedFilesTests.package.appendingPathComponent("completions").path,
      ])
    terminal.type("cd; \(prompt.setup); echo rea''dy\n")
    var offset = try terminal.waitForBytes("ready\r\n", after: 0)
    for line in Self.lines + prompt.own {
      terminal.type(line.typed + "\t\n")
      offset = try terminal.waitForBytes("<\(line.completed)>", after: offset)
    }
    shell.send(SIGKILL)
  }
}
