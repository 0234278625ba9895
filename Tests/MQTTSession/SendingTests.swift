import MQTTProtocol
import MQTTSession
import Testing

/// Section 1a of the checklist, as far as a session decides it: what is refused before it is sent.
@Suite("What the server does not take") struct SendingTests {
  private func limited(_ entries: Property?...) throws -> Peer {
    try Peer.connected(.v5, ConnAck(properties: Properties(entries.compactMap { $0 })))
  }

  private let filter = try? TopicFilter("a/#")

  @Test("alias within the server's maximum, then without the topic [3.3.2-9] (#22)") func alias()
    throws
  {
    let peer = try limited(Property(.topicAliasMaximum, 5))
    let alias = properties(Property(.topicAlias, 5))
    try peer.publish(.atMostOnce, topic: "long", properties: alias)
    try peer.publish(.atMostOnce, topic: "long", properties: alias)
    #expect(
      peer.sent() == [
        publishPacket(.atMostOnce, topic: "long", properties: alias),
        publishPacket(.atMostOnce, topic: "", properties: alias),
      ])
  }

  @Test("no alias above the maximum or without one [3.2.2-17, -18] (#22, #23)", arguments: [0, 4])
  func noAlias(_ maximum: UInt32) throws {
    let peer = try limited(maximum == 0 ? nil : Property(.topicAliasMaximum, maximum))
    try peer.publish(.atMostOnce, topic: "t", properties: properties(Property(.topicAlias, 5)))
    #expect(peer.sent() == [publishPacket(.atMostOnce)])
  }

  @Test("an alias is not used when a message is sent again (#76)") func aliasAfterReconnect() throws
  {
    let limits = ConnAck(properties: properties(Property(.topicAliasMaximum, 5)))
    let peer = try Peer.connected(.v5, limits) { $0.connect.cleanStart = false }
    let alias = properties(Property(.topicAlias, 5))
    for _ in 0..<2 { try peer.publish(.atLeastOnce, topic: "t", properties: alias) }
    _ = peer.sent()
    var again = limits
    again.sessionPresent = true
    try peer.connect(again)
    #expect(
      peer.sent() == [
        publishPacket(.atLeastOnce, 1, duplicate: true),
        publishPacket(.atLeastOnce, 2, duplicate: true),
      ])
  }

  @Test("QoS above the server's maximum [3.2.2-11] (#24)") func maximumQoS() throws {
    let peer = try limited(Property(.maximumQoS, 0))
    #expect(throws: Refusal.qosNotSupported(.atLeastOnce, maximum: .atMostOnce)) {
      try peer.publish(.atLeastOnce)
    }
    #expect(peer.sent() == [])
  }

  @Test("retained where the server has no such thing [3.2.2-14] (#25)") func retain() throws {
    let peer = try limited(Property(.retainAvailable, 0))
    #expect(throws: Refusal.retainNotSupported) { try peer.publish(.atMostOnce, retain: true) }
    #expect(peer.sent() == [])
  }

  @Test("a packet above the server's maximum [3.2.2-15] (#26)") func tooLarge() throws {
    let peer = try limited(Property(.maximumPacketSize, 20))
    try peer.publish(.atMostOnce, String(repeating: "x", count: 14))
    #expect(throws: Refusal.packetTooLarge(size: 21, limit: 20)) {
      try peer.publish(.atMostOnce, String(repeating: "x", count: 15))
    }
    #expect(throws: Refusal.packetTooLarge(size: 31, limit: 20)) {
      _ = try peer.session.subscribe([
        Subscription(try TopicFilter(Array("a/long/filter/that/is".utf8) + [0x2f, 0x23]))
      ])
    }
  }

  @Test("a packet above what MQTT can say, whatever the server takes (#4)") func beyond() throws {
    let peer = try limited(Property(.maximumPacketSize, .max))
    let publication = Publication(
      topic: try TopicName([0x74]), qos: .atMostOnce, retain: false, properties: .none, .v5)
    #expect(throws: Refusal.packetTooLarge(size: 268_435_462, limit: 268_435_460)) {
      try peer.session.publishStreaming(publication, payloadLength: 268_435_452)
    }
    try peer.session.publishStreaming(publication, payloadLength: 268_435_451)
  }

  @Test("alias 0 [3.3.2-8] (#21) and subscription identifier 0 (#20) cannot be said")
  func zeroes() {
    #expect(Property(.topicAlias, 0) == nil)
    #expect(Property(.subscriptionIdentifier, 0) == nil)
    #expect(Property(.subscriptionIdentifier, 268_435_456) == nil)
  }

  @Test("property length 0 is written [2.2.2-1] (#44)") func noProperties() throws {
    let peer = try limited()
    try peer.publish(.atMostOnce, "p")
    #expect(peer.waiting == [0x30, 5, 0, 1, 0x74, 0, 0x70])
  }

  @Test("our acknowledgements carry nothing that could grow (#27)") func smallAcks() throws {
    let peer = try limited(Property(.maximumPacketSize, 8))
    _ = try peer.receive(
      publishPacket(.atLeastOnce, 1), publishPacket(.exactlyOnce, 2), ack(.pubRel, 3),
      ack(.pubRec, 3))
    peer.session.releaseAcknowledgements()
    _ = try peer.receive(ack(.pubRel, 2))
    #expect(peer.waiting.count == 5 + 5 + 4 + 4 + 4)
  }

  @Test("a will that the server does not take is its refusal [3.2.2-12, -13] (#24, #25)")
  func will() {
    for code in [ReasonCode.qosNotSupported, .retainNotSupported] {
      let peer = Peer(.v5) { $0.connect.will = Will(topic: "w", qos: .exactlyOnce, retain: true) }
      peer.session.connect(at: peer.now)
      #expect(
        peer.fault([0x20, 3, 0, code.rawValue, 0]) == .refused(ConnAck(code: code.rawValue)))
    }
  }

  @Test("DISCONNECT loses what makes it too large [3.14.2-3, -4] (#28)") func smallDisconnect()
    throws
  {
    let peer = try limited(Property(.maximumPacketSize, 20))
    let long = try UTF8String(String(repeating: "r", count: 30))
    try peer.session.disconnect(
      Disconnect(.unspecifiedError, properties(Property(.reasonString, long))))
    #expect(peer.sent() == [.disconnect(Disconnect(.unspecifiedError))])
  }

  @Test("subscriptions that the server cannot hold (#29)") func subscriptions() throws {
    let wildcards = try limited(Property(.wildcardSubscriptionAvailable, 0))
    #expect(throws: Refusal.wildcardsNotSupported(try TopicFilter("a/#"))) {
      _ = try wildcards.session.subscribe([Subscription(try TopicFilter("a/#"))])
    }
    let shared = try limited(Property(.sharedSubscriptionAvailable, 0))
    #expect(throws: Refusal.sharedSubscriptionsNotSupported(try TopicFilter("$share/g/a"))) {
      _ = try shared.session.subscribe([Subscription(try TopicFilter("$share/g/a"))])
    }
    let identifiers = try limited(Property(.subscriptionIdentifierAvailable, 0))
    #expect(throws: Refusal.subscriptionIdentifiersNotSupported) {
      _ = try identifiers.session.subscribe(
        [Subscription(try TopicFilter("a"))], properties(Property(.subscriptionIdentifier, 1)))
    }
    for peer in [wildcards, shared, identifiers] { #expect(peer.sent() == []) }
  }

  @Test("no SUBSCRIBE and UNSUBSCRIBE without filters [3.8.3-2] (#14), [3.10.3-2] (#15)")
  func noFilters() throws {
    let peer = try Peer.connected()
    #expect(throws: Refusal.notConnected) { _ = try peer.session.subscribe([]) }
    #expect(throws: Refusal.notConnected) { _ = try peer.session.unsubscribe([]) }
  }

  @Test("one pool of identifiers, none used twice, none at QoS 0 [2.2.1-2, -3] (#42, #43)")
  func identifiers() throws {
    let peer = try Peer.connected()
    #expect(try peer.publish(.atLeastOnce) == id(1))
    #expect(try peer.session.subscribe([Subscription(try TopicFilter("a"))]) == id(2))
    #expect(try peer.session.unsubscribe([try TopicFilter("a")]) == id(3))
    #expect(try peer.publish(.atMostOnce) == nil)
    #expect(try peer.publish(.exactlyOnce) == id(4))
  }

  @Test("fixed header bits [2.1.3-1, 3.6.1-1, 3.8.1-1, 3.10.1-1] (#41)") func headerBits() throws {
    let peer = try Peer.connected()
    func first(_ send: () throws -> Void) rethrows -> UInt8? {
      _ = peer.sent()
      try send()
      return peer.waiting.first
    }
    let filter = try TopicFilter("a")
    #expect(try first { _ = try peer.session.subscribe([Subscription(filter)]) } == 0x82)
    #expect(try first { _ = try peer.session.unsubscribe([filter]) } == 0xa2)
    let id = try #require(try peer.publish(.exactlyOnce)).rawValue
    #expect(try first { _ = try peer.receive(ack(.pubRec, id)) } == 0x62)
    _ = try peer.receive(publishPacket(.exactlyOnce, 1))
    #expect(first { peer.session.releaseAcknowledgements() } == 0x50)
    #expect(try first { _ = try peer.receive(ack(.pubRel, 1)) } == 0x70)
    #expect(try first { try peer.session.disconnect() } == 0xe0)
  }

  @Test("identifiers wrap around one that is stuck (#42)") func wrapping() throws {
    let peer = try Peer.connected { $0.window = 10 }
    try peer.publish(.atLeastOnce)
    var last = id(1)
    for _ in 0..<200_000 {
      last = try peer.publish(.atLeastOnce) ?? last
      #expect(last != id(1))
      peer.session.transmitted(peer.session.output.count, at: peer.now)
      _ = try peer.receive([0x40, 2, UInt8(last.rawValue >> 8), UInt8(last.rawValue & 0xff)])
    }
    #expect(try peer.receive(ack(.pubAck, 1)) == [.acknowledged(id(1))])
    #expect(peer.isSettled)
  }

  @Test("CONNECT once, first, and nothing behind DISCONNECT [3.1.0-1, -2] (#38), [3.14.4-1] (#49)")
  func order() throws {
    let peer = Peer()
    peer.session.connect(at: peer.now)
    #expect(throws: Refusal.notConnected) { try peer.publish(.atMostOnce) }
    #expect(peer.sent().count == 1)
    _ = try peer.receive(.connAck(ConnAck()))
    try peer.publish(.exactlyOnce)
    _ = peer.sent()
    try peer.session.disconnect()
    #expect(throws: Refusal.notConnected) { try peer.publish(.atMostOnce) }
    #expect(throws: Refusal.notConnected) { try peer.session.disconnect() }
    _ = try peer.receive(ack(.pubRec, 1), ack(.pubRel, 9), publishPacket(.atLeastOnce, 3))
    peer.session.releaseAcknowledgements()
    peer.now += .seconds(1000)
    try peer.session.timeout(at: peer.now)
    #expect(peer.sent() == [.disconnect(Disconnect())])
  }

  @Test("AUTH needs a method [4.12.0-7] (#45)") func auth() throws {
    let peer = try Peer.connected(.v5)
    #expect(throws: Refusal.noAuthenticationMethod) {
      try peer.session.authenticate(.reAuthenticate, data: [])
    }
  }

  @Test("re-authentication has 0x19 and the same method [4.12.1-1] (#47)") func reauthenticate()
    throws
  {
    let method = properties(Property(.authenticationMethod, "m"))
    let peer = try Peer.connected(.v5, ConnAck(properties: method)) {
      $0.connect.properties = method
    }
    try peer.session.authenticate(.reAuthenticate, data: [7])
    var expected = method
    expected.set(Property(.authenticationData, [7]))
    #expect(peer.sent() == [.auth(Auth(.reAuthenticate, expected))])
  }

  @Test("no session expiry in DISCONNECT when CONNECT had none (#48)") func expiry() throws {
    let expiry = Disconnect(.normalDisconnection, properties(Property(.sessionExpiryInterval, 5)))
    let peer = try Peer.connected(.v5)
    #expect(throws: Refusal.sessionExpiryNotAllowed) { try peer.session.disconnect(expiry) }
    let other = try Peer.connected(.v5) {
      $0.connect.properties = properties(Property(.sessionExpiryInterval, 60))
    }
    try other.session.disconnect(expiry)
    #expect(other.sent() == [.disconnect(expiry)])
  }

  @Test("eager: CONNECT, PUBLISH and DISCONNECT at once, a refusal is still one") func eager()
    throws
  {
    let peer = Peer { $0.eager = true }
    peer.session.connect(at: peer.now)
    try peer.publish(.atMostOnce)
    try peer.session.disconnect()
    #expect(peer.sent().count == 3)
    #expect(peer.fault([0x20, 2, 0, 5]) == .refused(ConnAck(code: 5)))
  }

  @Test("before CONNACK the window is small, since no Receive Maximum is known (#130)")
  func earlyWindow() throws {
    let peer = Peer(.v5) { $0.eager = true }
    peer.session.connect(at: peer.now)
    for _ in 0..<10 { try peer.publish(.atLeastOnce) }
    #expect(throws: Refusal.windowFull) { try peer.publish(.atLeastOnce) }
    _ = try peer.receive(.connAck(ConnAck()))
    try peer.publish(.atLeastOnce)
  }

  @Test("unacknowledged messages take no more than 64 MiB and one message") func storedBytes()
    throws
  {
    let peer = try Peer.connected()
    let payload = String(repeating: "x", count: 33 << 20)
    try peer.publish(.atLeastOnce, payload)
    try peer.publish(.atLeastOnce, payload)
    #expect(throws: Refusal.windowFull) { try peer.publish(.atLeastOnce) }
    _ = peer.sent()
    _ = try peer.receive(ack(.pubAck, 1))
    try peer.publish(.atLeastOnce)
  }

  @Test("nothing follows a payload that a fault cut short (#49)") func cutShort() throws {
    let peer = try Peer.connected(.v5)
    let publication = Publication(
      topic: try TopicName([0x74]), qos: .atMostOnce, retain: false, properties: .none, .v5)
    try peer.session.publishStreaming(publication, payloadLength: 4)
    _ = try peer.receive(ack(.pubRel, 7))
    #expect(peer.fault([0, 0]) != nil)
    let before = peer.waiting.count
    [1, 2, 3, 4].withUnsafeBytes { peer.session.appendPayload($0) }
    #expect(peer.waiting.count == before)
  }

  @Test("packets wait for the end of a streamed payload") func streaming() throws {
    let peer = try Peer.connected()
    try peer.publish(.exactlyOnce)
    _ = peer.sent()
    let publication = Publication(
      topic: try TopicName([0x74]), qos: .atMostOnce, retain: false, properties: .none, .v311)
    try peer.session.publishStreaming(publication, payloadLength: 4)
    _ = try peer.receive(ack(.pubRec, 1))
    [UInt8]("pay".utf8).withUnsafeBytes { peer.session.appendPayload($0) }
    #expect(throws: Refusal.notConnected) { try peer.publish(.atMostOnce) }
    [UInt8]("load".utf8).withUnsafeBytes { peer.session.appendPayload($0) }
    #expect(peer.sent() == [publishPacket(.atMostOnce, 0, "payl"), ack(.pubRel, 1)])
  }
}
