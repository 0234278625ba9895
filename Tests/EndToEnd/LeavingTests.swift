import MQTTProtocol
import TestSupport
import Testing

/// How a subscriber that has what it wanted leaves.
@Suite("Leaving") struct LeavingTests {
  @Test("the last QoS 2 handshake is finished, and nothing is waited for behind it (#121)")
  func lastHandshake() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      try connection.grant()
      connection.send(
        .publish(Publish(topic: "a", payload: [0x78], qos: .exactlyOnce, packetID: .first)))
      try Self.expect(.pubRec, connection)
      connection.send(.acknowledgement(Acknowledgement(.pubRel, .first, .success)))
      try Self.expect(.pubComp, connection)
      guard case .disconnect = try connection.receive(within: 3) else {
        throw TestFailure("no DISCONNECT")
      }
    }
    let words = ["sub", "-t", "a", "-q", "2", "-C", "1"]
    let result = try Program.run(words + broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.output == [0x78, 0x0a])
    try broker.finish()
  }

  private static func expect(_ type: PacketType, _ connection: ScriptedConnection) throws {
    guard case .acknowledgement(let answer) = try connection.receive(), answer.type == type else {
      throw TestFailure("no \(type)")
    }
  }
}
