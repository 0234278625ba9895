import Foundation
import TestSupport
import Testing

/// What cannot be published is found out before the broker hears of us.
@Suite("Unusable input") struct UnusableInputTests {
  let folder = TemporaryDirectory()

  /// Runs a shell line in which `APUS` publishes to a broker that must never be connected to.
  private func check(
    _ line: String, exits status: Int32, says mentions: String..., within seconds: Double = 5
  ) throws {
    let broker = try ScriptedBroker { _ in }
    let command = "exec \(Program.apus) pub \(broker.address.joined(separator: " ")) -t a "
    let program = try RunningProgram([
      "sh", "-c", line.replacingOccurrences(of: "APUS", with: command),
    ])
    #expect(try program.wait(within: seconds) == .exited(status), "\(program.errorText)")
    expectOneLine(program.errorText, from: "pub")
    for mention in mentions { #expect(program.errorText.contains(mention), "\(program.errorText)") }
    #expect((try? broker.accept(within: 0)) == nil, "the broker was connected to")
  }

  @Test("a message above 268435455 bytes (#4)", arguments: ["-f PATH", "-s <PATH", "-d -f PATH"])
  func tooLarge(_ words: String) throws {
    let path = try folder.write([], to: "sparse")
    #expect(truncate(path, 300 << 20) == 0)
    let line = "APUS " + words.replacingOccurrences(of: "PATH", with: path)
    try check(line, exits: 25, says: "268435455")
  }

  @Test("a line above 268435455 bytes (#4)") func longLine() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      guard case .disconnect = try connection.receive() else { throw TestFailure("no DISCONNECT") }
    }
    let path = try folder.write([], to: "sparse")
    #expect(truncate(path, 300 << 20) == 0)
    let program = try RunningProgram(
      [Program.apus, "pub", "-t", "a", "-l"] + broker.address, input: .file(path))
    #expect(try program.wait() == .exited(25), "\(program.errorText)")
    expectOneLine(program.errorText, from: "pub")
    #expect(program.errorText.contains("message 1"))
    try broker.finish()
  }

  @Test("standard input that is closed", arguments: ["-s", "-l", "-0"])
  func closed(_ option: String) throws {
    try check("APUS \(option) <&-", exits: 1, says: "standard input: ")
  }

  @Test("standard input that is a directory", arguments: ["-s", "-l"])
  func directory(_ option: String) throws {
    try check("APUS \(option) </tmp", exits: 1, says: "pub: standard input: is a directory")
  }

  @Test("standard input that is empty") func empty() throws {
    try check("APUS -s </dev/null", exits: 1, says: "empty", "-n")
  }

  @Test("text that is none, though payload-format-indicator says so (#19)")
  func text() throws {
    let path = try folder.write([0x61, 0xff], to: "bytes")
    let indicator = "-D publish payload-format-indicator 1"
    try check("APUS \(indicator) -f \(path)", exits: 1, says: "UTF-8")
    try check("APUS \(indicator) -s <\(path)", exits: 1, says: "UTF-8")
  }

  @Test("a pipe that does not end in time") func slowPipe() throws {
    let fifo = folder.file("fifo")
    #expect(mkfifo(fifo, 0o600) == 0)
    try check("exec 3<>\(fifo); APUS -s -W 1 <&3", exits: 27, says: "standard input")
    try check("exec 3<>\(fifo); APUS -f \(fifo) -W 1", exits: 27, says: fifo)
  }

  @Test("a named pipe that nobody writes to") func emptyFIFO() throws {
    let fifo = folder.file("fifo")
    #expect(mkfifo(fifo, 0o600) == 0)
    try check("APUS -f \(fifo) -W 1", exits: 27, says: fifo)
  }

  @Test("a named pipe is read to its end") func writtenFIFO() throws {
    let broker = try Shared.broker.get()
    let fifo = folder.file("fifo")
    #expect(mkfifo(fifo, 0o600) == 0)
    let topic = Shared.name("fifo/")
    let subscriber = try broker.subscriber(.apus, ["-t", topic, "-N", "-C", "1"])
    let line = "(echo one; echo two) >\(fifo) & exec \(Program.apus) pub -t \(topic) -f \(fifo) "
    let program = try RunningProgram(["sh", "-c", line + broker.address.joined(separator: " ")])
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    #expect(try subscriber.text() == "one\ntwo\n")
  }

  @Test("a signal ends the reading of a pipe", arguments: [true, false])
  func signal(_ isNamed: Bool) throws {
    let fifo = folder.file("fifo")
    #expect(mkfifo(fifo, 0o600) == 0)
    let source = isNamed ? ["-f", fifo] : ["-s"]
    let program = try RunningProgram([Program.apus, "pub", "-t", "a"] + source, input: .open)
    // The handlers stand once the signal is in the mask of those that are caught.
    try eventually("the handlers") { program.catches(SIGTERM) }
    program.send(SIGTERM)
    #expect(try program.wait(within: 5) == .signaled(SIGTERM))
  }
}
