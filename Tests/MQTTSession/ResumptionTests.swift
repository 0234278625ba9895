import MQTTProtocol
import MQTTSession
import Testing

/// What survives a lost connection, and what the next server makes of it.
@Suite("Resumption") struct ResumptionTests {
  private func kept(_ version: ProtocolVersion = .v5) throws -> Peer {
    try Peer.connected(version) { $0.connect.cleanStart = false }
  }

  private func present(_ entries: Property?...) -> ConnAck {
    ConnAck(sessionPresent: true, properties: Properties(entries.compactMap { $0 }))
  }

  @Test("state is kept through lost connections that never got a CONNACK [4.1.0-1] (#131)")
  func survives() throws {
    let peer = try kept()
    try peer.publish(.exactlyOnce)
    _ = try peer.receive(publishPacket(.exactlyOnce, 9))
    for _ in 0..<3 {
      peer.session.connect(at: peer.now)
      peer.session.connectionLost()
    }
    #expect(try peer.connect(present()) == Resumption(resent: 1))
    #expect(peer.sent() == [publishPacket(.exactlyOnce, 1, duplicate: true)])
    #expect(try peer.receive(publishPacket(.exactlyOnce, 9, duplicate: true)) == [])
  }

  @Test("a clean start drops what was received, and what was sent goes out anew [3.1.2-4] (#132)")
  func clean() throws {
    let peer = try kept()
    try peer.publish(.exactlyOnce)
    _ = try peer.receive(publishPacket(.exactlyOnce, 9))
    peer.session.setCleanStart(true)
    #expect(try peer.connect() == Resumption(renewed: 1))
    #expect(peer.sent() == [publishPacket(.exactlyOnce, 1)])
    #expect(try peer.receive(publishPacket(.exactlyOnce, 9)).count == 1)
  }

  @Test("Session Present for a process that has no state: a shell's session lives on (#66)")
  func foreign() throws {
    let peer = Peer(.v311) { $0.connect.cleanStart = false }
    #expect(try peer.connect(present()) == Resumption())
  }

  @Test("MQTT 3.1 knows no Session Present: what is not clean is taken for kept (#125)")
  func oldest() throws {
    let peer = try kept(.v31)
    try peer.publish(.atLeastOnce)
    #expect(try peer.connect() == Resumption(resent: 1))
  }

  @Test("PUBCOMP 'not found' in recovery is the end of a message that arrived (§3.7.2.1)")
  func releasedBefore() throws {
    let peer = try kept()
    try peer.publish(.exactlyOnce)
    _ = try peer.receive(ack(.pubRec, 1))
    try peer.connect(present())
    #expect(peer.sent() == [ack(.pubRel, 1)])
    #expect(
      try peer.receive(ack(.pubComp, 1, .packetIdentifierNotFound)) == [.acknowledged(id(1))])
  }

  @Test("PUBCOMP 'not found' at any other time is a failure (§3.7.2.1)") func mismatch() throws {
    let peer = try kept()
    try peer.publish(.exactlyOnce)
    let lost = Acknowledgement(.pubComp, id(1), .packetIdentifierNotFound)
    #expect(try peer.receive(ack(.pubRec, 1), .acknowledgement(lost)) == [.rejected(lost)])
  }

  @Test("a message that was not released is sent anew when the session is lost")
  func taken() throws {
    let peer = try kept()
    for _ in 0..<2 { try peer.publish(.exactlyOnce) }
    _ = try peer.receive(ack(.pubRec, 1))
    #expect(try peer.connect() == Resumption(renewed: 2))
    #expect(peer.sent() == [publishPacket(.exactlyOnce, 1), publishPacket(.exactlyOnce, 2)])
    #expect(try peer.receive(ack(.pubRec, 1)) == [])
    #expect(peer.sent() == [ack(.pubRel, 1)])
    #expect(try peer.receive(ack(.pubComp, 1)) == [.acknowledged(id(1))])
  }

  @Test("what this server does not take is not sent again [3.2.2-11, -14, -15] (#24, #25, #26)")
  func limits() throws {
    let rows: [(Property?, [UInt16])] = [
      (Property(.maximumPacketSize, 30), [3]), (Property(.retainAvailable, 0), [2]),
      (Property(.maximumQoS, 1), [1]), (Property(.maximumQoS, 0), [1, 2, 3]),
    ]
    for (limit, abandoned) in rows {
      let peer = try kept()
      try peer.publish(.exactlyOnce)
      try peer.publish(.atLeastOnce, retain: true)
      try peer.publish(.atLeastOnce, String(repeating: "x", count: 50))
      let resumption = try peer.connect(present(limit))
      #expect(resumption.abandoned == abandoned.map(id))
      #expect(peer.sent().count == 3 - abandoned.count)
    }
  }

  @Test("sending again goes on behind a streamed payload") func streaming() throws {
    let peer = try kept()
    for _ in 0..<2 { try peer.publish(.atLeastOnce) }
    try peer.connect(present(Property(.receiveMaximum, 1)))
    #expect(peer.sent().count == 1)
    let streamed = Publication(
      topic: try TopicName([0x74]), qos: .atMostOnce, retain: false, properties: .none, .v5)
    try peer.session.publishStreaming(streamed, payloadLength: 1)
    _ = try peer.receive(ack(.pubAck, 1))
    [0x70].withUnsafeBytes { peer.session.appendPayload($0) }
    #expect(
      peer.sent() == [publishPacket(.atMostOnce), publishPacket(.atLeastOnce, 2, duplicate: true)])
  }

  @Test("QoS 2 goes on though its message has expired meanwhile [4.3.3-7, -13] (#118, #124)")
  func expired() throws {
    let peer = try kept()
    let expiry = properties(Property(.messageExpiryInterval, 1))
    for _ in 0..<2 { try peer.publish(.exactlyOnce, properties: expiry) }
    _ = try peer.receive(ack(.pubRec, 1))
    peer.now += .seconds(10)
    try peer.connect(present())
    #expect(
      peer.sent() == [
        ack(.pubRel, 1), publishPacket(.exactlyOnce, 2, duplicate: true, properties: expiry),
      ])
  }
}
