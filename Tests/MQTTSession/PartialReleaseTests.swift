import MQTTProtocol
import MQTTSession
import Testing

/// For applications that are done with messages one by one, and want to know who listens.
@Suite("Acknowledgements up to a number") struct PartialReleaseTests {
  @Test("leave in order, as many as asked for") func some() throws {
    let peer = try Peer.connected(.v5)
    var numbers: [Int] = []
    for number in 1...3 as ClosedRange<UInt16> {
      _ = try peer.receive(publishPacket(number == 2 ? .exactlyOnce : .atLeastOnce, number))
      numbers.append(peer.session.lastAcknowledgement)
    }
    peer.session.releaseAcknowledgements(upTo: numbers[0] - 1)
    #expect(peer.sent() == [])
    peer.session.releaseAcknowledgements(upTo: numbers[1])
    #expect(peer.sent() == [ack(.pubAck, 1), ack(.pubRec, 2)])
    #expect(peer.awaitsRelease)
    peer.session.releaseAcknowledgements(upTo: numbers[0])
    #expect(peer.sent() == [])
    peer.session.releaseAcknowledgements()
    #expect(peer.sent() == [ack(.pubAck, 3)])
  }

  @Test("numbers go on behind a message that was withheld, and on another connection")
  func numbers() throws {
    let peer = try Peer.connected()
    _ = try peer.receive(publishPacket(.atLeastOnce, 1))
    let first = peer.session.lastAcknowledgement
    try peer.receiveAndWithhold(publishPacket(.atLeastOnce, 2))
    #expect(peer.session.lastAcknowledgement == first)
    try peer.connect()
    _ = try peer.receive(publishPacket(.atLeastOnce, 1))
    #expect(peer.session.lastAcknowledgement == first + 1)
    peer.session.releaseAcknowledgements(upTo: first)
    #expect(peer.sent() == [])
    peer.session.releaseAcknowledgements(upTo: first + 1)
    #expect(peer.sent() == [ack(.pubAck, 1)])
  }

  @Test("make room in our Receive Maximum one by one", arguments: [false, true])
  func receiveMaximum(_ tolerates: Bool) throws {
    let peer = try Peer.connected(.v5) {
      $0.connect.properties.set(Property(.receiveMaximum, 2))
      $0.toleratesExcess = tolerates
    }
    _ = try peer.receive(publishPacket(.atLeastOnce, 1), publishPacket(.exactlyOnce, 2))
    peer.session.releaseAcknowledgements(upTo: peer.session.lastAcknowledgement - 1)
    _ = try peer.receive(publishPacket(.atLeastOnce, 3))
    let fault = peer.fault(publishPacket(.atLeastOnce, 4).encoded(.v5))
    #expect(fault == (tolerates ? nil : .receiveMaximumExceeded(2)))
  }

  @Test("that nobody subscribes is told for both levels") func unmatched() throws {
    let peer = try Peer.connected(.v5)
    try peer.publish(.atLeastOnce)
    try peer.publish(.exactlyOnce)
    let none = ReasonCode.noMatchingSubscribers
    #expect(
      try peer.receive(.acknowledgement(Acknowledgement(.pubAck, id(1), none)))
        == [.unmatched(id(1))])
    #expect(
      try peer.receive(.acknowledgement(Acknowledgement(.pubRec, id(2), none)))
        == [.unmatched(id(2))])
    #expect(try peer.receive(ack(.pubComp, 2)) == [.acknowledged(id(2))])
    #expect(peer.isSettled)
  }

  @Test("the end of the properties can be different in each message") func propertiesEnd() throws {
    let peer = try Peer.connected(.v5)
    var publication = Publication(
      topic: try TopicName([0x74]), qos: .atMostOnce, retain: false,
      properties: properties(Property(.correlationData, [1, 2, 3])), .v5)
    [8 as UInt8, 9].withUnsafeBytes { publication.overwritePropertiesEnd($0) }
    try peer.session.publish(publication, UnsafeRawBufferPointer(start: nil, count: 0))
    guard case .publish(let message)? = peer.sent().first else {
      Issue.record("no PUBLISH")
      return
    }
    #expect(message.properties.binary(.correlationData) == [1, 8, 9])
  }
}
