import MQTTProtocol
import MQTTSession
import Testing

/// Section 1c of the checklist: QoS handshakes and what survives a lost connection.
@Suite("QoS") struct QoSTests {
  private func kept() throws -> Peer { try Peer.connected { $0.connect.cleanStart = false } }
  private let present = ConnAck(sessionPresent: true)

  @Test("acknowledgements carry the message's identifier [2.2.1-5] (#106)") func identifiers()
    throws
  {
    let peer = try Peer.connected()
    _ = try peer.receive(publishPacket(.atLeastOnce, 500), publishPacket(.exactlyOnce, 501))
    peer.session.releaseAcknowledgements()
    #expect(peer.sent() == [ack(.pubAck, 500), ack(.pubRec, 501)])
  }

  @Test("nothing is acknowledged before the application has it [4.3.2-4] (#112)") func held() throws
  {
    let peer = try Peer.connected()
    _ = try peer.receive(publishPacket(.atLeastOnce, 1), publishPacket(.exactlyOnce, 2))
    #expect(peer.sent() == [])
  }

  @Test("DISCONNECT acknowledges nothing that the application does not have [4.3.2-4] (#112)")
  func leaving() throws {
    let peer = try Peer.connected()
    _ = try peer.receive(publishPacket(.atLeastOnce, 1))
    peer.session.releaseAcknowledgements()
    _ = try peer.receive(publishPacket(.atLeastOnce, 2), publishPacket(.exactlyOnce, 3))
    try peer.session.disconnect()
    peer.session.releaseAcknowledgements()
    #expect(peer.sent() == [ack(.pubAck, 1), .disconnect(Disconnect())])
  }

  @Test("a PUBREL is awaited once PUBREC was let go, not before (#116)") func awaitsRelease() throws
  {
    let peer = try Peer.connected()
    _ = try peer.receive(publishPacket(.exactlyOnce, 1), publishPacket(.exactlyOnce, 2))
    #expect(!peer.awaitsRelease)
    peer.session.releaseAcknowledgements()
    _ = try peer.receive(publishPacket(.exactlyOnce, 3))
    #expect(peer.awaitsRelease)
    _ = try peer.receive(ack(.pubRel, 1), ack(.pubRel, 2))
    #expect(!peer.awaitsRelease)
  }

  @Test("what the application does not take stays unacknowledged (#112)") func withheld() throws {
    let peer = try Peer.connected()
    _ = try peer.receive(publishPacket(.atLeastOnce, 1))
    try peer.receiveAndWithhold(publishPacket(.atLeastOnce, 2))
    try peer.receiveAndWithhold(publishPacket(.exactlyOnce, 3))
    peer.session.releaseAcknowledgements()
    #expect(peer.sent() == [ack(.pubAck, 1)])
    // Sent again it is new.
    let again = publishPacket(.exactlyOnce, 3, duplicate: true)
    #expect(try peer.receive(again).count == 1)
    peer.session.releaseAcknowledgements()
    #expect(peer.sent() == [ack(.pubRec, 3)])
  }

  @Test("what a filter discards is acknowledged like the rest [4.5.0-2] (#127)") func discarded()
    throws
  {
    let peer = try Peer.connected()
    // The session knows nothing of filters: whoever passes over a message lets its PUBACK go.
    _ = try peer.receive(publishPacket(.atLeastOnce, 1), publishPacket(.exactlyOnce, 2))
    peer.session.releaseAcknowledgements()
    #expect(peer.sent() == [ack(.pubAck, 1), ack(.pubRec, 2)])
  }

  @Test("our PUBREC never fails, so until PUBREL an identifier is never new [4.3.3-9] (#120)")
  func neverFailing() throws {
    let peer = try Peer.connected(.v5)
    _ = try peer.receive(publishPacket(.exactlyOnce, 1))
    peer.session.releaseAcknowledgements()
    #expect(peer.sent() == [ack(.pubRec, 1, .success)])
  }

  @Test("a failing PUBREC after PUBREL ends the message, without another PUBREL (#115)")
  func lateRefusal() throws {
    let peer = try Peer.connected(.v5)
    try peer.publish(.exactlyOnce)
    _ = try peer.receive(ack(.pubRec, 1))
    _ = peer.sent()
    let refusal = Acknowledgement(.pubRec, id(1), .quotaExceeded)
    #expect(try peer.receive(.acknowledgement(refusal)) == [.rejected(refusal)])
    #expect(peer.sent() == [])
    #expect(peer.isSettled && peer.canPublish)
  }

  @Test("sent again with its identifier and DUP, in order, PUBREL after PUBREC")
  func resending() throws {  // #107 #109 #116 #117 #125 #128
    let peer = try kept()
    try peer.publish(.atLeastOnce, "1")
    try peer.publish(.exactlyOnce, "2")
    try peer.publish(.exactlyOnce, "3")
    try peer.publish(.atMostOnce, "lost")
    _ = try peer.receive(ack(.pubRec, 2))
    #expect(peer.sent().count == 5)
    let resumption = try peer.connect(present)
    #expect(resumption == Resumption(resent: 3))
    #expect(
      peer.sent() == [
        publishPacket(.atLeastOnce, 1, "1", duplicate: true), ack(.pubRel, 2),
        publishPacket(.exactlyOnce, 3, "3", duplicate: true),
      ])
    try peer.publish(.atLeastOnce, "new")
    #expect(peer.sent() == [publishPacket(.atLeastOnce, 4, "new")])
  }

  @Test("as new messages when the server lost the session, and said so (#125)") func renewing()
    throws
  {
    let peer = try kept()
    try peer.publish(.atLeastOnce, "1")
    try peer.publish(.exactlyOnce, "2")
    try peer.publish(.exactlyOnce, "3")
    _ = try peer.receive(ack(.pubRec, 3))
    _ = peer.sent()
    #expect(try peer.connect() == Resumption(renewed: 3))
    #expect(
      peer.sent() == [
        publishPacket(.atLeastOnce, 1, "1"), publishPacket(.exactlyOnce, 2, "2"),
        publishPacket(.exactlyOnce, 3, "3"),
      ])
  }

  @Test("an identifier is free after PUBACK, PUBCOMP or a failing PUBREC (#108)") func freed()
    throws
  {
    let peer = try Peer.connected(.v5) { $0.window = 1 }
    try peer.publish(.atLeastOnce)
    #expect(!peer.canPublish)
    _ = try peer.receive(ack(.pubAck, 1))
    #expect(peer.canPublish && peer.isSettled)
    try peer.publish(.exactlyOnce)
    _ = try peer.receive(ack(.pubRec, 2))
    #expect(!peer.canPublish)
    _ = try peer.receive(ack(.pubComp, 2))
    #expect(peer.isSettled)
    try peer.publish(.exactlyOnce)
    let refusal = Acknowledgement(.pubRec, id(3), .notAuthorized)
    _ = peer.sent()
    #expect(try peer.receive(.acknowledgement(refusal)) == [.rejected(refusal)])
    #expect(peer.isSettled)
    #expect(peer.sent() == [])  // #115: no PUBREL
  }

  @Test("QoS 0 is never sent again [4.3.1-1] (#110)") func atMostOnce() throws {
    let peer = try kept()
    try peer.publish(.atMostOnce)
    try peer.connect(present)
    #expect(peer.sent() == [])
    #expect(peer.isSettled)
  }

  @Test("unfinished until PUBACK (#111), until PUBREC and PUBCOMP (#114)") func unfinished() throws
  {
    let peer = try Peer.connected()
    try peer.publish(.atLeastOnce)
    #expect(!peer.isSettled)
    #expect(try peer.receive(ack(.pubAck, 1)) == [.acknowledged(id(1))])
    try peer.publish(.exactlyOnce)
    #expect(try peer.receive(ack(.pubRec, 2)) == [])
    #expect(!peer.isSettled)
    #expect(try peer.receive(ack(.pubComp, 2)) == [.acknowledged(id(2))])
    #expect(peer.isSettled)
  }

  @Test("after PUBACK the identifier is a new message, whatever DUP says [4.3.2-5] (#113)")
  func newMessage() throws {
    let peer = try Peer.connected()
    for _ in 0..<2 {
      #expect(try peer.receive(publishPacket(.atLeastOnce, 1, duplicate: true)).count == 1)
      peer.session.releaseAcknowledgements()
      #expect(peer.sent() == [ack(.pubAck, 1)])
    }
  }

  @Test("PUBREL for PUBREC, again if need be [4.3.3-4] (#115), same identifier (#119)")
  func release() throws {
    let peer = try Peer.connected()
    try peer.publish(.exactlyOnce)
    _ = peer.sent()
    _ = try peer.receive(ack(.pubRec, 1), ack(.pubRec, 1))
    #expect(peer.sent() == [ack(.pubRel, 1), ack(.pubRel, 1)])
  }

  @Test("until PUBREL the same identifier is the same message [4.3.3-10] (#121)") func once() throws
  {
    let peer = try kept()
    #expect(try peer.receive(publishPacket(.exactlyOnce, 1)).count == 1)
    peer.session.releaseAcknowledgements()
    #expect(try peer.receive(publishPacket(.exactlyOnce, 1, duplicate: true)) == [])
    peer.session.releaseAcknowledgements()
    #expect(peer.sent() == [ack(.pubRec, 1), ack(.pubRec, 1)])
    try peer.connect(present)
    #expect(try peer.receive(publishPacket(.exactlyOnce, 1, duplicate: true)) == [])
    peer.session.releaseAcknowledgements()
    _ = try peer.receive(ack(.pubRel, 1))
    #expect(peer.sent() == [ack(.pubRec, 1), ack(.pubComp, 1)])  // #122
    #expect(try peer.receive(publishPacket(.exactlyOnce, 1)).count == 1)  // #123
  }

  @Test("a refused message is final [4.4.0-2] (#126)") func refused() throws {
    let peer = try Peer.connected(.v5) { $0.connect.cleanStart = false }
    try peer.publish(.atLeastOnce)
    let refusal = Acknowledgement(.pubAck, id(1), .quotaExceeded)
    #expect(try peer.receive(.acknowledgement(refusal)) == [.rejected(refusal)])
    _ = peer.sent()
    try peer.connect(present)
    #expect(peer.sent() == [])
  }

  @Test("acknowledgements in the order of the messages [4.6.0-2, -3, -4] (#129)") func order()
    throws
  {
    let peer = try Peer.connected()
    for _ in 0..<3 { try peer.publish(.exactlyOnce) }
    _ = peer.sent()
    _ = try peer.receive(
      publishPacket(.exactlyOnce, 9), publishPacket(.atLeastOnce, 8),
      publishPacket(.exactlyOnce, 7), ack(.pubRec, 2), ack(.pubRec, 1), ack(.pubRec, 3))
    peer.session.releaseAcknowledgements()
    #expect(
      peer.sent() == [
        ack(.pubRel, 2), ack(.pubRel, 1), ack(.pubRel, 3), ack(.pubRec, 9), ack(.pubAck, 8),
        ack(.pubRec, 7),
      ])
  }

  @Test(
    "the window is the smaller of ours and the server's [4.9.0-1, -2] (#130)",
    arguments: [1, 2, 20])
  func window(_ maximum: UInt32) throws {
    let limits = ConnAck(
      sessionPresent: false, properties: properties(Property(.receiveMaximum, maximum)))
    let peer = try Peer.connected(.v5, limits)
    for _ in 0..<maximum { try peer.publish(.exactlyOnce) }
    #expect(throws: Refusal.windowFull) { try peer.publish(.atLeastOnce) }
    // Other packets still flow [4.9.0-3].
    try peer.publish(.atMostOnce)
    _ = try peer.receive(ack(.pubRec, 1))
    peer.now += .seconds(61)
    try peer.session.timeout(at: peer.now)
    #expect(peer.sent().suffix(3) == [publishPacket(.atMostOnce), ack(.pubRel, 1), .pingReq])
    #expect(throws: Refusal.windowFull) { try peer.publish(.atLeastOnce) }
    _ = try peer.receive(ack(.pubComp, 1))
    try peer.publish(.atLeastOnce)
  }

  @Test("the window holds for what is sent again, before anything new (#130)") func windowAgain()
    throws
  {
    let peer = try Peer.connected(.v5) { $0.connect.cleanStart = false }
    for _ in 0..<5 { try peer.publish(.atLeastOnce) }
    _ = peer.sent()
    let narrow = ConnAck(sessionPresent: true, properties: properties(Property(.receiveMaximum, 2)))
    try peer.connect(narrow)
    #expect(peer.sent().count == 2)
    #expect(!peer.canPublish)
    for number: UInt16 in 1...3 {
      _ = try peer.receive(ack(.pubAck, number))
      #expect(peer.sent() == [publishPacket(.atLeastOnce, number + 2, duplicate: true)])
    }
    _ = try peer.receive(ack(.pubAck, 4), ack(.pubAck, 5))
    #expect(peer.isSettled && peer.canPublish)
  }

  @Test("acknowledgements out of order leave no trace (#108)") func outOfOrder() throws {
    let peer = try Peer.connected()
    for _ in 0..<1000 { try peer.publish(.atLeastOnce) }
    for number in (1...1000).reversed() { _ = try peer.receive(ack(.pubAck, UInt16(number))) }
    #expect(peer.isSettled)
    for _ in 0..<1000 { try peer.publish(.atLeastOnce) }
    for number in 1001...2000 { _ = try peer.receive(ack(.pubAck, UInt16(number))) }
    #expect(peer.isSettled)
  }

  @Test("PUBACK ends a QoS 2 message of a server that granted less") func rabbit() throws {
    let peer = try Peer.connected()
    try peer.publish(.exactlyOnce)
    #expect(try peer.receive(ack(.pubAck, 1)) == [.acknowledged(id(1))])
  }

  @Test("a streamed message cannot be sent again, which is said") func abandoned() throws {
    let peer = try kept()
    let publication = Publication(
      topic: try TopicName([0x74]), qos: .atLeastOnce, retain: false, properties: .none, .v311)
    try peer.session.publishStreaming(publication, payloadLength: 1)
    #expect(try peer.connect(present) == Resumption(abandoned: [id(1)]))
    #expect(peer.isSettled)
  }
}
