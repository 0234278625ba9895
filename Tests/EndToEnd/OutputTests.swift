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
    let ends = try RunningProgram.makePipe()
    let program = try RunningProgram(Self.words + broker.address, output: ends.write)
    close(ends.read)
    close(ends.write)
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
    let ends = try RunningProgram.makePipe()
    let program = try RunningProgram(Self.words + broker.address, output: ends.write)
    close(ends.write)
    #expect(isReadable(ends.read, within: 10))
    var block: [UInt8] = [0, 0, 0]
    #expect(read(ends.read, &block, 3) == 2)
    #expect(block == [0x31, 0x0a, 0])
    close(ends.read)
    mayGoOn.signal()
    try expectFailure(program)
    try broker.finish()
  }
}
