import Foundation
import TestSupport
import Testing

/// `apus repl` with commands from a file, from `-c`, or from standard input.
@Suite("apus repl, scripts") struct ReplScriptTests {
  let broker: Mosquitto
  let topic = Shared.name("repl/")
  let directory = TemporaryDirectory()

  init() throws { broker = try Shared.broker.get() }

  /// Runs a text with TOPIC and CONNECT in it.
  func shell(_ text: String, _ words: [String] = []) throws -> RunningProgram {
    let path = try directory.write(Array(filled(text).utf8), to: "test.apus")
    return try RunningProgram([Program.apus, "repl"] + words + [path])
  }

  func filled(_ text: String) -> String {
    text.replacing("TOPIC", with: topic)
      .replacing("CONNECT", with: "connect -h 127.0.0.1 -p \(broker.port)")
  }

  static let smokeTest = """
    # What every broker should do.
    CONNECT -V 5 -i smoke-TOPIC
    sub -t 'TOPIC/#' -q 2
    pub -t TOPIC/qos0 -m zero
    wait TOPIC/qos0 --timeout 5 --match zero
    pub -t TOPIC/qos1 -m one -q 1
    pub -t TOPIC/qos2 -m two -q 2 -D publish content-type text/plain
    wait TOPIC/qos2 --timeout 5
    wait TOPIC/qos1 --timeout 5 --match EXPECTED
    unsub 'TOPIC/#'; echo passed

    """

  @Test func `ten lines test a broker`() throws {
    let run = try shell(Self.smokeTest.replacing("EXPECTED", with: "one"))
    #expect(try run.wait() == .exited(0))
    #expect(run.errorText == "")
    #expect(
      run.outputText == filled("TOPIC/qos0 zero\nTOPIC/qos1 one\nTOPIC/qos2 two\npassed\n"))
  }

  @Test func `a wrong expectation fails with status and line`() throws {
    let run = try shell(
      Self.smokeTest.replacing("5 --match EXPECTED", with: "0.2 --match other"))
    #expect(try run.wait() == .exited(27))
    let why = "wait: no message of '\(topic)/qos1' with 'other' in it within 0.20 s"
    #expect(run.errorText.hasSuffix("test.apus:9: \(why)\n"))
    #expect(!run.outputText.contains("passed"))
  }

  @Test(arguments: ["-c", "standard input"]) func `the same commands`(from source: String) throws {
    let text = filled(
      "CONNECT\nsub -t TOPIC; pub -t TOPIC -m hello\nwait TOPIC --timeout 5\nnonsense")
    let run =
      source == "-c"
      ? try RunningProgram([Program.apus, "repl", "-c", text])
      : try RunningProgram([Program.apus, "repl"], input: .bytes(Array(text.utf8)))
    #expect(try run.wait() == .exited(1))
    #expect(run.outputText == "\(topic) hello\n")
    let why = "unknown command 'nonsense'; 'help' lists the commands"
    #expect(run.errorText == "apus repl: \(source):4: \(why)\n")
  }

  @Test func `--keep-going goes on, and tells of the first failure`() throws {
    let run = try shell("CONNECT; pub -t TOPIC; use b\nwait x\necho still here", ["--keep-going"])
    #expect(try run.wait() == .exited(1))
    #expect(run.outputText == "still here\n")
    #expect(run.errorText.split(separator: "\n").count == 3)
  }

  @Test func `exit after a failure tells of it`() throws {
    let run = try shell("nix; exit", ["--keep-going"])
    #expect(try run.wait() == .exited(1))
  }

  @Test(arguments: [("> /dev/full", Int32(74)), ("| false", 123)])
  func `what takes no messages is a failure`(_ outlet: String, _ status: Int32) throws {
    let run = try shell(
      "CONNECT; sub -t TOPIC \(outlet)\npub -t TOPIC -m 1 -q 1\nsleep 0.5\necho after")
    #expect(try run.wait() == .exited(status), "\(run.errorText)")
    #expect(run.outputText.hasSuffix("after\n"))
  }

  @Test func `a FIFO that is not read holds only its connection up`() throws {
    let fifo = broker.directory.path + "/fifo"
    #expect(mkfifo(fifo, 0o600) == 0)
    let alone = try shell("CONNECT; sub -t TOPIC > \(fifo)")
    #expect(try alone.wait() == .exited(1))
    #expect(alone.errorText.contains("nobody reads it"), "\(alone.errorText)")
    let reader = open(fifo, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    let file = try broker.directory.write([UInt8](repeating: 0x61, count: 400_000), to: "large")
    let run = try shell(
      "CONNECT; sub -t TOPIC > \(fifo)\npub -t TOPIC -f \(file)\npub -t TOPIC -f \(file)\n"
        + "pub -t TOPIC -f \(file)\nCONNECT --as b -i TOPIC-b; pub -t TOPIC/b -m 1 -q 1\n"
        + "echo free\nsleep 60")
    try eventually("the other connection's answer", within: 10) {
      run.outputText.hasSuffix("free\n")
    }
    run.send(SIGTERM)
    #expect(try run.wait() == .signaled(SIGTERM))
  }

  @Test func `a quotation over many lines is read once`() throws {
    let lines = (0..<30_000).map { "line \($0)\n" }.joined()
    let run = try RunningProgram(
      [Program.apus, "repl"], input: .bytes(Array("echo 'open\n\(lines)'".utf8)))
    #expect(try run.wait(within: 10) == .exited(0))
    #expect(run.outputText.hasPrefix("open\nline 0\n"))
  }

  @Test func `SIGTERM ends commands that wait for nothing`() throws {
    let aliases = (0..<25).map { "alias a\($0) 'a\($0 + 1); a\($0 + 1)'" }
    let text = (aliases + ["alias a25 'set x 1'", "echo begun", "a0"]).joined(separator: "\n")
    let run = try RunningProgram([Program.apus, "repl", "-c", text])
    run.send(SIGTERM)
    #expect(try run.wait(within: 10) == .signaled(SIGTERM))
  }

  @Test func `SIGTERM leaves with DISCONNECT`() throws {
    let run = try shell(
      "CONNECT --will-topic TOPIC/will --will-payload gone; sub -t TOPIC; echo up; sleep 60")
    try eventually("the shell to be connected", within: 10) { run.outputText == "up\n" }
    let heir = try broker.subscriber(.apus, ["-t", "\(topic)/will", "-W", "0.5"])
    run.send(SIGTERM)
    #expect(try run.wait() == .signaled(SIGTERM))
    #expect(try heir.wait() == .exited(27))
  }
}
