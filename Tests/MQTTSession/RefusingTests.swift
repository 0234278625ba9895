import MQTTProtocol
import MQTTSession
import Testing

/// Section 1b of the checklist: what is detected on receipt, and what the server is told.
@Suite("What the server must not send") struct RefusingTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let name: String
    let version: ProtocolVersion
    let bytes: [UInt8]
    /// The code of our DISCONNECT in MQTT 5; nil where nothing is sent.
    let reason: UInt8?
    var testDescription: String { name }

    init(_ name: String, _ version: ProtocolVersion, _ bytes: [UInt8], _ reason: UInt8?) {
      self.name = name
      self.version = version
      self.bytes = bytes
      self.reason = reason
    }

    init(_ name: String, _ version: ProtocolVersion, _ packet: Packet, _ reason: UInt8?) {
      self.init(name, version, packet.encoded(version), reason)
    }
  }

  static let whenConnected: [Row] = [
    Row("topic that is not UTF-8 [1.5.4-1] (#51)", .v5, [0x30, 4, 0, 1, 0xff, 0], 0x81),
    Row("topic that is not UTF-8 [1.5.3-1] (#51)", .v311, [0x30, 3, 0, 1, 0xff], nil),
    Row("null in a topic [1.5.4-2] (#52)", .v5, [0x30, 4, 0, 1, 0, 0], 0x81),
    Row("null in a topic [1.5.3-2] (#52)", .v311, [0x30, 3, 0, 1, 0], nil),
    Row("length of five bytes [1.5.5-1] (#54)", .v5, [0x30, 0xff, 0xff, 0xff, 0xff, 1], 0x81),
    Row("length not minimal [1.5.5-1] (#54)", .v5, [0xd0, 0x80, 0x00], 0x81),
    Row(
      "user property cut short [1.5.7-1] (#55)", .v5,
      [0x30, 9, 0, 1, 0x74, 5, 0x26, 0, 1, 0x61, 0], 0x81),
    Row("a server's CONNECT that is malformed too (#57)", .v5, [0x10, 3, 0, 0, 0x43], 0x82),
    Row("reserved header bits [2.1.3-1] (#56)", .v5, [0xd1, 0], 0x81),
    Row("reserved header bits [2.2.2-2] (#56)", .v311, [0x41, 2, 0, 1], nil),
    Row("packet type 0 (#57)", .v5, [0, 0], 0x82),
    Row("packet type 15 in 3.1.1 (#57)", .v311, [0xf0, 0], nil),
    Row("CONNECT from the server (#57)", .v5, .connect(Connect(version: .v5)), 0x82),
    Row("PINGREQ from the server (#57)", .v5, .pingReq, 0x82),
    Row("PINGREQ from the server (#57)", .v311, .pingReq, nil),
    Row("SUBSCRIBE from the server (#57)", .v5, [0x82, 7, 0, 1, 0, 0, 1, 0x61, 0], 0x82),
    Row("UNSUBSCRIBE from the server (#57)", .v5, [0xa2, 6, 0, 1, 0, 0, 1, 0x61], 0x82),
    Row("PUBACK too short (#58)", .v5, [0x40, 1, 0], 0x81),
    Row("PINGRESP with a body (#58)", .v5, [0xd0, 1, 0], 0x81),
    Row("topic past the end (#58)", .v5, [0x30, 3, 0, 9, 0x61], 0x81),
    Row("unknown property (#59)", .v5, [0x30, 6, 0, 1, 0x74, 2, 0x7f, 0], 0x81),
    Row("property that PUBLISH may not have (#59)", .v5, [0x30, 6, 0, 1, 0x74, 2, 0x24, 1], 0x81),
    Row("property twice (#60)", .v5, [0x30, 8, 0, 1, 0x74, 4, 1, 0, 1, 0], 0x82),
    Row("second CONNACK [3.2.0-2] (#63)", .v5, .connAck(ConnAck()), 0x82),
    Row("second CONNACK [3.2.0-2] (#63)", .v311, .connAck(ConnAck()), nil),
    Row(
      "topic alias 0 [3.1.2-26] (#73)", .v5, [0x30, 7, 0, 1, 0x74, 3, 0x23, 0, 0], 0x94),
    Row(
      "topic alias above our maximum [3.1.2-27] (#73)", .v5,
      [0x30, 7, 0, 1, 0x74, 3, 0x23, 0, 4], 0x94),
    Row(
      "alias that stands for nothing (#74)", .v5, [0x30, 6, 0, 0, 3, 0x23, 0, 3], 0x82),
    Row("no topic and no alias (#75)", .v5, [0x30, 3, 0, 0, 0], 0x82),
    Row("empty topic [4.7.3-1] (#75)", .v311, [0x30, 2, 0, 0], nil),
    Row("QoS 3 [3.3.1-4] (#78)", .v5, [0x36, 6, 0, 1, 0x74, 0, 1, 0], 0x81),
    Row("QoS 3 [3.3.1-4] (#78)", .v311, [0x36, 5, 0, 1, 0x74, 0, 1], nil),
    Row("DUP at QoS 0 [3.3.1-2] (#79)", .v5, [0x38, 4, 0, 1, 0x74, 0], 0x81),
    Row("packet identifier 0 [2.2.1-4] (#80)", .v5, [0x32, 6, 0, 1, 0x74, 0, 0, 0], 0x82),
    Row("packet identifier 0 [2.3.1-4] (#80)", .v311, [0x32, 5, 0, 1, 0x74, 0, 0], nil),
    Row("wildcard in a topic [3.3.2-2] (#81)", .v5, [0x30, 4, 0, 1, 0x23, 0], 0x90),
    Row("subscription identifier 0 (#82)", .v5, [0x30, 6, 0, 1, 0x74, 2, 0x0b, 0], 0x82),
    Row("subscription identifier not ours (#82)", .v5, [0x30, 6, 0, 1, 0x74, 2, 0x0b, 7], 0x82),
    Row("SUBACK for nothing [3.8.4-2] (#85)", .v5, [0x90, 4, 0, 9, 0, 0], 0x82),
    Row("SUBACK for nothing [3.8.4-2] (#85)", .v311, [0x90, 3, 0, 9, 0], nil),
    Row("UNSUBACK for nothing (#85)", .v5, [0xb0, 4, 0, 9, 0, 0], 0x82),
    Row("SUBACK without codes [3.9.3-1] (#86)", .v5, [0x90, 3, 0, 1, 0], 0x82),
    Row("SUBACK with too many codes [3.8.4-6] (#86)", .v5, [0x90, 6, 0, 1, 0, 0, 0, 0], 0x82),
    Row("SUBACK with too few codes (#86)", .v5, [0x90, 4, 0, 2, 0, 0], 0x82),
    Row("SUBACK with an unknown code [3.9.3-2] (#87)", .v5, [0x90, 4, 0, 1, 0, 3], 0x82),
    Row("UNSUBACK with too many codes [3.11.3-1] (#88)", .v5, [0xb0, 5, 0, 3, 0, 0, 0], 0x82),
    Row("UNSUBACK with an unknown code [3.11.3-2] (#88)", .v5, [0xb0, 4, 0, 3, 0, 1], 0x82),
    Row("PUBACK with an unknown code [3.4.2-1] (#89)", .v5, [0x40, 3, 0, 4, 0x01], 0x82),
    Row("PUBACK of three bytes in 3.1.1 (#92)", .v311, [0x40, 3, 0, 4, 0], nil),
    Row("DISCONNECT in 3.1.1 (#95)", .v311, [0xe0, 0], nil),
    Row("DISCONNECT with reserved bits [3.14.1-1] (#96)", .v5, [0xe1, 0], 0x81),
    Row(
      "DISCONNECT with session expiry [3.14.2-2] (#98)", .v5,
      [0xe0, 7, 0, 5, 0x11, 0, 0, 0, 1], 0x82),
    Row("AUTH unasked [4.12.0-6] (#101)", .v5, [0xf0, 6, 0x18, 4, 0x15, 0, 1, 0x6d], 0x82),
    Row("AUTH with reserved bits [3.15.1-1] (#100)", .v5, [0xf1, 0], 0x81),
    Row("AUTH with an unknown code [3.15.2-1] (#100)", .v5, [0xf0, 2, 0x01, 0], 0x82),
    Row("PUBACK for what awaits PUBCOMP", .v5, [0x40, 2, 0, 5], 0x82),
    Row("PUBREC for a QoS 1 message", .v5, [0x50, 2, 0, 4], 0x82),
    Row("PUBCOMP before PUBREC", .v5, [0x70, 2, 0, 6], 0x82),
  ]

  @Test(arguments: whenConnected) func endsTheConnection(_ row: Row) throws {
    let peer = try Peer.connected(row.version) {
      if row.version == .v5 {
        $0.connect.properties = properties(Property(.topicAliasMaximum, 3))
      }
    }
    // Identifiers 1 and 2: SUBSCRIBE with one and two filters, 3: UNSUBSCRIBE, 4: QoS 1,
    // 5: QoS 2 after PUBREC, 6: QoS 2 before it.
    let filter = try TopicFilter("a")
    _ = try peer.session.subscribe([Subscription(filter)])
    _ = try peer.session.subscribe([Subscription(filter), Subscription(filter)])
    _ = try peer.session.unsubscribe([filter])
    try peer.publish(.atLeastOnce)
    try peer.publish(.exactlyOnce)
    try peer.publish(.exactlyOnce)
    _ = try peer.receive(ack(.pubRec, 5))
    _ = peer.sent()
    #expect(peer.fault(row.bytes) != nil)
    #expect(peer.phase == .idle)
    #expect(peer.disconnectReason() == row.reason)
  }

  static let beforeConnAck: [Row] = [
    Row("PUBLISH before CONNACK [3.2.0-1] (#62)", .v5, publishPacket(.atMostOnce), 0x82),
    Row("PUBLISH before CONNACK [3.2.0-1] (#62)", .v311, publishPacket(.atMostOnce), nil),
    Row("reserved flags in CONNACK [3.2.2-1] (#64)", .v5, [0x20, 3, 2, 0, 0], 0x81),
    Row("Session Present after a clean start [3.2.2-1] (#65)", .v5, [0x20, 3, 1, 0, 0], 0x82),
    Row("Session Present after a clean start [3.2.2-1] (#65)", .v311, [0x20, 2, 1, 0], nil),
    Row("Session Present with an error [3.2.2-6] (#68)", .v5, [0x20, 3, 1, 0x87, 0], 0x82),
    Row("refusal with an unknown code (#69)", .v311, [0x20, 2, 0, 6], nil),
    Row("refusal with an unknown code (#69)", .v5, [0x20, 3, 0, 0x92, 0], 0x82),
    Row("Receive Maximum 0 (#61)", .v5, [0x20, 6, 0, 0, 3, 0x21, 0, 0], 0x82),
    Row("Maximum Packet Size 0 (#61)", .v5, [0x20, 8, 0, 0, 5, 0x27, 0, 0, 0, 0], 0x82),
    Row("Maximum QoS 2 (#61)", .v5, [0x20, 5, 0, 0, 2, 0x24, 2], 0x82),
    Row("Retain Available 2 (#61)", .v5, [0x20, 5, 0, 0, 2, 0x25, 2], 0x82),
    Row("unknown property in CONNACK (#59)", .v5, [0x20, 5, 0, 0, 2, 0x7f, 0], 0x81),
    Row("method unasked [4.12.0-6] (#101)", .v5, [0x20, 7, 0, 0, 4, 0x15, 0, 1, 0x6d], 0x82),
    Row("DISCONNECT before CONNACK [3.14.0-1] (#95)", .v5, [0xe0, 0], 0x82),
  ]

  @Test(arguments: beforeConnAck) func isNoConnection(_ row: Row) {
    let peer = Peer(row.version)
    peer.session.connect(at: peer.now)
    _ = peer.sent()
    #expect(peer.fault(row.bytes) != nil)
    #expect(peer.disconnectReason() == row.reason)
  }

  @Test("a refusal is reported with its code [3.2.2-7] (#69), [4.13.2-1] (#99)")
  func refusal() {
    for code: UInt8 in 1...5 {
      let peer = Peer()
      peer.session.connect(at: peer.now)
      #expect(peer.fault([0x20, 2, 0, code]) == .refused(ConnAck(code: code)))
      #expect(peer.phase == .idle)
    }
  }

  @Test("a session that the server lost takes our state with it [3.2.2-5] (#67)")
  func lostSession() throws {
    let peer = try Peer.connected { $0.connect.cleanStart = false }
    _ = try peer.receive(publishPacket(.exactlyOnce, 7))
    try peer.connect()
    // The same identifier is another message now.
    #expect(try peer.receive(publishPacket(.exactlyOnce, 7, duplicate: true)).count == 1)
  }

  @Test("the assigned client identifier is used again [3.2.2-16] (#70)") func assigned() throws {
    let peer = Peer(.v5) { $0.connect.clientID = .empty }
    peer.session.connect(at: peer.now)
    let given = properties(Property(.assignedClientIdentifier, "given"))
    _ = try peer.receive(.connAck(ConnAck(properties: given)))
    #expect(peer.clientID == "given")
    peer.session.connect(at: peer.now)
    guard case .connect(let connect)? = peer.sent().last else { throw Peer.NoEvent() }
    #expect(connect.clientID == "given")
  }

  @Test("no identifier although we sent none (#70)") func unassigned() {
    let peer = Peer(.v5) { $0.connect.clientID = .empty }
    peer.session.connect(at: peer.now)
    #expect(peer.fault([0x20, 3, 0, 0, 0]) == .noClientIdentifierAssigned)
  }

  @Test("a packet above our maximum, told from its header [3.1.2-24] (#72)") func tooLarge() throws
  {
    let peer = try Peer.connected(.v5) {
      $0.connect.properties = properties(Property(.maximumPacketSize, 100))
    }
    #expect(peer.fault([0x30, 0xff, 0x7f]) != nil)
    #expect(peer.disconnectReason() == 0x95)
  }

  @Test("aliases are forgotten on every connection [3.3.2-7] (#76)") func aliasesForgotten() throws
  {
    let peer = try aliasing()
    let alias = properties(Property(.topicAlias, 3))
    _ = try peer.receive(publishPacket(.atMostOnce, topic: "long", properties: alias))
    try peer.connect()
    #expect(peer.fault([0x30, 6, 0, 0, 3, 0x23, 0, 3]) == .topicAliasUnknown(3))
  }

  @Test("every alias up to our maximum works, mapped anew too [3.3.2-10] (#77)")
  func aliasesWork() throws {
    let peer = try aliasing()
    for (topic, number) in [("a", 1), ("b", 3), ("c", 3)] as [(String, UInt32)] {
      let alias = properties(Property(.topicAlias, number))
      _ = try peer.receive(publishPacket(.atMostOnce, topic: topic, properties: alias))
    }
    let seen = try peer.receive([0x30, 6, 0, 0, 3, 0x23, 0, 1, 0x30, 6, 0, 0, 3, 0x23, 0, 3])
    #expect(
      seen == [
        .message(topic: "a", payload: "", .atMostOnce, nil),
        .message(topic: "c", payload: "", .atMostOnce, nil),
      ])
  }

  private func aliasing() throws -> Peer {
    try Peer.connected(.v5) { $0.connect.properties = properties(Property(.topicAliasMaximum, 3)) }
  }

  @Test(
    "more than our Receive Maximum [3.3.4-9] (#83)", arguments: [QoS.atLeastOnce, .exactlyOnce])
  func receiveMaximum(_ qos: QoS) throws {
    let peer = try Peer.connected(.v5) {
      $0.connect.properties = properties(Property(.receiveMaximum, 2))
    }
    #expect(try peer.receive(publishPacket(qos, 1), publishPacket(qos, 2)).count == 2)
    #expect(peer.fault(publishPacket(qos, 3).encoded(.v5)) == .receiveMaximumExceeded(2))
    #expect(peer.disconnectReason() == 0x93)
  }

  @Test("a server that kept the session may exceed it: mosquitto does (#83)") func keptSession()
    throws
  {
    let peer = try Peer.connected(.v5, ConnAck(sessionPresent: true)) {
      $0.connect.cleanStart = false
      $0.connect.properties = properties(Property(.receiveMaximum, 2))
    }
    for number in 1...5 {
      #expect(try peer.receive(publishPacket(.exactlyOnce, UInt16(number))).count == 1)
    }
  }

  @Test("QoS above what is accepted (#84)") func unsolicitedQoS() throws {
    let peer = try Peer.connected(.v5) { $0.maximumQoS = .atMostOnce }
    #expect(peer.fault(publishPacket(.atLeastOnce).encoded(.v5)) == .qosNotAllowed(.atLeastOnce))
    #expect(peer.disconnectReason() == 0x9b)
  }

  @Test("acknowledgements for unknown identifiers (#90)") func unknownIdentifiers() throws {
    let five = try Peer.connected(.v5)
    #expect(try five.receive(ack(.pubAck, 9), ack(.pubComp, 9)) == [])
    #expect(try five.receive(ack(.pubAck, 9, .noMatchingSubscribers)) == [])
    #expect(five.sent() == [])
    _ = try five.receive(ack(.pubRec, 9), ack(.pubRel, 9))
    #expect(
      five.sent() == [
        ack(.pubRel, 9, .packetIdentifierNotFound), ack(.pubComp, 9, .packetIdentifierNotFound),
      ])
    let old = try Peer.connected(.v311)
    _ = try old.receive(ack(.pubRec, 9), ack(.pubRel, 9))
    #expect(old.sent() == [ack(.pubRel, 9), ack(.pubComp, 9)])
  }

  @Test("all three forms of an acknowledgement [§3.4.2] (#91)") func forms() throws {
    let peer = try Peer.connected(.v5)
    for _ in 0..<3 { try peer.publish(.atLeastOnce) }
    let seen = try peer.receive([0x40, 2, 0, 1, 0x40, 3, 0, 2, 0x10, 0x40, 4, 0, 3, 0, 0])
    #expect(seen == [.acknowledged(id(1)), .unmatched(id(2)), .acknowledged(id(3))])
  }

  @Test("problem information that was not asked for [3.1.2-29] (#93)") func problemInformation()
    throws
  {
    let peer = try Peer.connected(.v5) {
      $0.connect.properties = properties(Property(.requestProblemInformation, 0))
    }
    try peer.publish(.atLeastOnce)
    #expect(
      peer.fault([0x40, 8, 0, 1, 0, 4, 0x1f, 0, 1, 0x61]) == .problemInformationUnasked(.pubAck))
  }

  @Test("response information that was not asked for is ignored [3.1.2-28] (#94)")
  func responseInformation() throws {
    _ = try Peer.connected(
      .v5, ConnAck(properties: properties(Property(.responseInformation, "r"))))
  }

  @Test("DISCONNECT is reported with reason and reference [3.14.2-1] (#97, #102)")
  func disconnected() throws {
    let peer = try Peer.connected(.v5)
    let packet = Disconnect(.serverMoved, properties(Property(.serverReference, "other")))
    #expect(peer.fault(Packet.disconnect(packet).encoded(.v5)) == .disconnected(packet))
    #expect(peer.sent() == [])
  }

  @Test("AUTH with another method [4.12.0-5] (#101)") func otherMethod() throws {
    let peer = Peer(.v5) {
      $0.connect.properties = properties(Property(.authenticationMethod, "m"))
    }
    peer.session.connect(at: peer.now)
    _ = peer.sent()
    let right = Auth(.continueAuthentication, properties(Property(.authenticationMethod, "m")))
    #expect(try peer.receive(.auth(right)) == [.challenged(right)])
    try peer.session.authenticate(.continueAuthentication, data: [1])
    guard case .auth(let answer)? = peer.sent().last else { throw Peer.NoEvent() }
    #expect(answer.reason == .continueAuthentication)
    #expect(answer.properties.string(.authenticationMethod) == "m")
    #expect(peer.fault([0xf0, 6, 0x18, 4, 0x15, 0, 1, 0x6e]) == .authenticationMethodMismatch)
  }

  @Test("a byte order mark is kept [1.5.4-3] (#53)") func byteOrderMark() throws {
    let peer = try Peer.connected()
    let seen = try peer.receive([0x30, 5, 0, 3, 0xef, 0xbb, 0xbf])
    #expect(seen == [.message(topic: "\u{feff}", payload: "", .atMostOnce, nil)])
  }

  @Test("packets share reads and span them: every split tells the same (#104)") func splits() throws
  {
    let stream = [publishPacket(.atMostOnce), publishPacket(.exactlyOnce, 3, "q"), ack(.pubRel, 3)]
      .flatMap { $0.encoded(.v5) }
    let whole = try Peer.connected(.v5).receive(stream)
    for first in 0...stream.count {
      for second in first...stream.count {
        let peer = try Peer.connected(.v5)
        let parts = [stream[..<first], stream[first..<second], stream[second...]]
        #expect(try parts.flatMap { try peer.receive(Array($0)) } == whole)
      }
    }
  }

  @Test("payload format (#103) and response topic (#105) are the reader's to judge") func hints()
    throws
  {
    let peer = try Peer.connected(.v5)
    let hints = properties(Property(.payloadFormatIndicator, 1), Property(.responseTopic, "a/#"))
    let seen = try peer.receive(publishPacket(.atMostOnce, 0, "p", properties: hints))
    #expect(seen == [.message(topic: "t", payload: "p", .atMostOnce, nil)])
  }

  @Test("subscription identifiers of ours pass, all others do not (#82)") func identifiers() throws
  {
    let peer = try Peer.connected(.v5)
    _ = try peer.session.subscribe(
      [Subscription(try TopicFilter("a"))], properties(Property(.subscriptionIdentifier, 7)))
    #expect(try peer.receive([0x30, 6, 0, 1, 0x74, 2, 0x0b, 7]).count == 1)
    #expect(
      peer.fault([0x30, 8, 0, 1, 0x74, 4, 0x0b, 7, 0x0b, 8]) == .subscriptionIdentifierUnknown(8))
  }
}
