import MQTTProtocol
import MQTTSession
import Testing

/// A process goes on with the packet identifiers of one before it.
@Suite("Restoring") struct RestoringTests {
  private func restored(_ version: ProtocolVersion = .v5) throws -> Peer {
    let peer = Peer(version) { $0.connect.cleanStart = false }
    peer.session.reportsReceipt = true
    for (number, qos) in [(7, QoS.exactlyOnce), (8, .exactlyOnce), (9, .atLeastOnce)] {
      #expect(try restore(peer, number, qos, isReceived: number == 7) == id(UInt16(number)))
    }
    return peer
  }

  private func restore(
    _ peer: Peer, _ number: Int, _ qos: QoS, isReceived: Bool
  ) throws -> PacketID? {
    let publication = Publication(
      topic: try TopicName(Array("t".utf8)), qos: qos, retain: false, properties: .none,
      peer.version)
    return Array("p".utf8).withUnsafeBytes {
      peer.session.restore(publication, $0, number: number, isReceived: isReceived)
    }
  }

  @Test("a kept session: PUBREL for what PUBREC came for, the others again [4.4.0-1]")
  func kept() throws {
    let peer = try restored()
    #expect(try peer.connect(ConnAck(sessionPresent: true)) == Resumption(resent: 3))
    #expect(
      peer.sent() == [
        ack(.pubRel, 7), publishPacket(.exactlyOnce, 8, duplicate: true),
        publishPacket(.atLeastOnce, 9, duplicate: true),
      ])
    #expect(try peer.receive(ack(.pubRec, 8)) == [.received(id(8))])
    #expect(try peer.receive(ack(.pubComp, 7)) == [.acknowledged(id(7))])
    // The next number has the identifier that belongs to it.
    peer.session.setNextNumber(70_000)
    #expect(try peer.publish(.atLeastOnce)?.rawValue == 4465)
  }

  @Test("a lost session: everything goes out anew")
  func lost() throws {
    let peer = try restored(.v311)
    #expect(try peer.connect() == Resumption(renewed: 3))
    #expect(
      peer.sent() == [
        publishPacket(.exactlyOnce, 7), publishPacket(.exactlyOnce, 8),
        publishPacket(.atLeastOnce, 9),
      ])
  }

  @Test("PUBREC is told only to those who ask") func receipt() throws {
    let peer = try Peer.connected()
    try peer.publish(.exactlyOnce)
    #expect(try peer.receive(ack(.pubRec, 1)) == [])
  }
}
