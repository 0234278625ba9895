import Foundation
import Glibc
import TestSupport
import Testing

/// What messages, scripts and terminals can do to `apus repl`.
@Suite("apus repl, hostile input") struct ReplHostileTests {
  let broker: Mosquitto
  let topic = Shared.name("repl/h")
  let directory = TemporaryDirectory()

  init() throws { broker = try Shared.broker.get() }

  private func filled(_ text: String) -> String {
    text.replacing("TOPIC", with: topic).replacing("DIR", with: directory.path)
      .replacing("CONNECT", with: "connect -h 127.0.0.1 -p \(broker.port)")
  }

  private func shell(_ text: String) throws -> RunningProgram {
    try RunningProgram([Program.apus, "repl", "-c", filled(text)])
  }

  /// Commands on a standard input that has room for many.
  private func lines(_ text: String, _ words: [String] = []) throws -> RunningProgram {
    try RunningProgram(
      [Program.apus, "repl"] + words, input: .bytes(Array(filled(text).utf8)))
  }

  @Test func `a payload is never read as a program's text`() throws {
    let payload = "a'; echo INJECTED; #\n\"$(echo no)\" `echo no` \u{1b}"
    _ = try directory.write(Array(payload.utf8), to: "payload")
    let run = try shell(
      """
      CONNECT; alias notify '!printf "<%s>"'; sub -t TOPIC > /dev/null
      pub -t TOPIC -f DIR/payload; wait TOPIC --timeout 5; notify $payload '' "$payload"
      """)
    #expect(try run.wait() == .exited(0), "\(run.errorText)")
    #expect(run.outputText == "<\(payload)><><\(payload)>")
  }

  @Test func `a NUL byte goes to no program`() throws {
    _ = try directory.write([0x61, 0x00, 0x62], to: "payload")
    let run = try shell(
      """
      CONNECT; alias notify '!echo'; sub -t TOPIC > /dev/null; pub -t TOPIC -f DIR/payload
      wait TOPIC --timeout 5; notify $payload
      """)
    #expect(try run.wait() == .exited(1))
    let why = "!: a NUL byte is in the command, and no program takes one"
    #expect(run.errorText == "apus repl: -c:2: \(why)\n")
  }

  @Test func `words by the ten thousand`() throws {
    let words = String(repeating: " a", count: 100_000)
    let run = try lines("wait" + words)
    #expect(try run.wait() == .exited(1))
    #expect(run.errorText == "apus repl: standard input:1: wait: unexpected argument 'a'\n")
  }

  @Test func `quotations by the hundred thousand are read in no time`() throws {
    let run = try lines("echo" + String(repeating: " 'a'", count: 400_000))
    #expect(try run.wait(within: 20) == .exited(0))
    #expect(run.outputText.count == 800_000)
  }

  @Test func `levels that nobody could read stand in one row`() throws {
    let levels = (0..<150).map { "l\($0)" }
    let run = try shell(
      """
      CONNECT; sub -t 'TOPIC/#' > /dev/null
      pub -t TOPIC/\(levels.joined(separator: "/")) -m x; wait 'TOPIC/#' --timeout 5; topics
      """)
    #expect(try run.wait() == .exited(0), "\(run.errorText)")
    let rows = run.outputText.split(separator: "\n")
    #expect(rows.count == 17)
    #expect(rows.last?.contains("/l100/l101/") == true, "\(rows)")
  }

  @Test func `a word that is no command is not told at length`() throws {
    let run = try lines(String(repeating: "y", count: 100_000))
    #expect(try run.wait() == .exited(1))
    let shown = String(repeating: "y", count: 100)
    #expect(run.errorText.contains("unknown command '\(shown)…'"), "\(run.errorText.count)")
  }

  @Test func `a script that is too long`() throws {
    let path = try directory.write([], to: "long")
    #expect(truncate(path, 17 << 20) == 0)
    let run = try RunningProgram([Program.apus, "repl", path])
    #expect(try run.wait() == .exited(1), "\(run.errorText)")
  }

  // MARK: Failures

  @Test func `errors stand where they belong when they go where the output goes`() throws {
    let run = try RunningProgram(
      ["/bin/sh", "-c", "exec \"$0\" repl --keep-going 2>&1", Program.apus],
      input: .bytes(Array("echo first\nnix\necho last\n".utf8)))
    #expect(try run.wait() == .exited(1))
    let rows = run.outputText.split(separator: "\n")
    #expect(rows.first == "first" && rows.count == 3 && rows.last == "last", "\(rows)")
  }

  struct Fault: CustomTestStringConvertible, Sendable {
    var testDescription: String { text }
    var text: String
    var status: Int32
    var error: String
  }

  static let faults: [Fault] = [
    Fault(
      text: "messages | false", status: 123,
      error: "-c:1: | false: ended with status 1"),
    Fault(
      text: "CONNECT; sub -t TOPIC; unsub TOPIC/x", status: 1,
      error: "-c:1: unsub: not subscribed to 'TOPIC/x' (did you mean 'TOPIC'?)"),
  ]

  @Test(arguments: faults) func `ends the script with its place`(_ fault: Fault) throws {
    let run = try shell(fault.text + "\necho after")
    #expect(try run.wait() == .exited(fault.status))
    #expect(run.errorText == filled("apus repl: \(fault.error)\n"))
    #expect(run.outputText == "")
  }

  @Test func `a file that may not grow is a failure, not the end by a signal`() throws {
    _ = try directory.write([UInt8](repeating: 0x61, count: 10_000), to: "payload")
    let run = try RunningProgram([
      "/bin/sh", "-c", "ulimit -f 1; exec \"$0\" repl -c \"$1\"", Program.apus,
      filled(
        "CONNECT; sub -t TOPIC; pub -t TOPIC -f DIR/payload; wait TOPIC --timeout 5; messages > DIR/file"
      ),
    ])
    #expect(try run.wait() == .exited(74), "\(run.errorText)")
  }

  // MARK: Secrets

  @Test func `what is set and may be a secret is not listed`() throws {
    let run = try shell(
      """
      alias c 'connect -P geheim'; alias; alias c; alias -x 'echo a'; alias
      set password geheim; set broker mqtt://me:geheim@host; set plain text; set
      """)
    #expect(try run.wait() == .exited(0), "\(run.errorText)")
    #expect(
      run.outputText == """
        c '****'
        c '****'
        -x 'echo a'
        c '****'
        broker '****'
        password '****'
        plain text

        """)
  }

  // MARK: Terminals

  @Test func `a terminal of an impossible size`() throws {
    let terminal = try PseudoTerminal()
    terminal.resize(rows: 65_535, columns: 65_535)
    let run = try RunningProgram(
      [Program.apus, "repl"], input: .terminal(terminal), environment: ["TERM": "xterm"])
    try terminal.waitForText("apus> ")
    let status = try String(contentsOfFile: "/proc/\(run.pid)/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    let kibibytes = try #require(Int(line.filter(\.isNumber)))
    #expect(kibibytes < 64 << 10, "\(line)")
    terminal.type("exit 3\r")
    #expect(try run.wait() == .exited(3))
  }

  @Test func `a typing error ends nothing where the output is a pipe`() throws {
    let terminal = try PseudoTerminal(isPictured: true)
    let run = try RunningProgram(
      ["/bin/sh", "-c", "\"$0\" repl | cat", Program.apus], input: .terminal(terminal))
    try terminal.waitForScreen("the prompt") { $0.rows.contains("apus>") }
    terminal.type("nix\r")
    try terminal.waitForScreen("the error") {
      $0.rows.contains { $0.contains("unknown command 'nix'") }
    }
    terminal.type("echo still here\r")
    try terminal.waitForScreen("the output") {
      $0.rows.contains { $0.hasSuffix("still here") && !$0.contains("echo") }
    }
    terminal.type("\u{4}")
    #expect(try run.wait() == .exited(0))
  }
}
