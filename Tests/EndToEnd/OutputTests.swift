import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// Standard output that cannot take what is written: status 74, one line, and no acknowledgement.
@Suite("Standard output that fails") struct OutputTests {
  /// Sends one message at QoS 1 and reports whether it was acknowledged.
  private static func broker() throws -> ScriptedBroker {
    try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      try connection.grant()
      let message = Publish(
        topic: "a", payload: Array("hello".utf8), qos: .atLeastOnce, packetID: .first)
      connection.send(.publish(message))
      try expectNothingSent(connection)
    }
  }

  private func expectFailure(_ program: RunningProgram) throws {
    #expect(try program.wait(within: 10) == .exited(74), "\(program.errorText)")
    expectOneLine(program.errorText, from: "sub")
    #expect(program.errorText.contains("standard output"))
  }

  private static let words = [Program.apus, "sub", "-t", "a", "-q", "1"]

  @Test("full device (#112)") func full() throws {
    let broker = try Self.broker()
    let device = open("/dev/full", O_WRONLY)
    defer { close(device) }
    let program = try RunningProgram(Self.words + broker.address, output: device)
    try expectFailure(program)
    try broker.finish()
  }

  @Test("closed before the start (#112)") func closed() throws {
    let broker = try Self.broker()
    let program = try RunningProgram(Self.words + broker.address, closingOutput: true)
    try expectFailure(program)
    try broker.finish()
  }

  @Test("reader gone before the first message (#112)") func gone() throws {
    let broker = try Self.broker()
    var ends: [CInt] = [-1, -1]
    // At once: another test's child must not get the reading end.
    try #require(pipe2(&ends, O_CLOEXEC) == 0)
    let program = try RunningProgram(Self.words + broker.address, output: ends[1])
    close(ends[0])
    close(ends[1])
    try expectFailure(program)
    try broker.finish()
  }

  @Test("reader gone after the first message: only that one is acknowledged (#112)")
  func goneLater() throws {
    let mayGoOn = DispatchSemaphore(value: 0)
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      try connection.grant()
      let second = PacketID(rawValue: 2) ?? .first
      connection.send(
        .publish(Publish(topic: "a", payload: [0x31], qos: .atLeastOnce, packetID: .first)))
      guard case .acknowledgement(let answer) = try connection.receive(), answer.packetID == .first
      else { throw TestFailure("no PUBACK for what was written") }
      mayGoOn.wait()
      connection.send(
        .publish(Publish(topic: "a", payload: [0x32], qos: .atLeastOnce, packetID: second)))
      try expectNothingSent(connection)
    }
    var ends: [CInt] = [-1, -1]
    // At once: another test's child must not get the reading end.
    try #require(pipe2(&ends, O_CLOEXEC) == 0)
    let program = try RunningProgram(Self.words + broker.address, output: ends[1])
    close(ends[1])
    #expect(isReadable(ends[0], within: 10))
    var block: [UInt8] = [0, 0, 0]
    #expect(read(ends[0], &block, 3) == 2)
    #expect(block == [0x31, 0x0a, 0])
    close(ends[0])
    mayGoOn.signal()
    try expectFailure(program)
    try broker.finish()
  }
}
