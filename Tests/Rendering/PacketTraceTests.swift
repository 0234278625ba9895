import MQTTProtocol
import Rendering
import Testing

/// The lines of `-d`: what a person sees of each packet.
@Suite("Packet trace") struct PacketTraceTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var packet: Packet
    var version: ProtocolVersion
    var shown: String
    var testDescription: String { shown }

    init(_ packet: Packet, _ shown: String, _ version: ProtocolVersion = .v5) {
      (self.packet, self.version, self.shown) = (packet, version, shown)
    }
  }

  private static let id = PacketID(rawValue: 12) ?? .first

  private static func filter(_ text: String) -> TopicFilter {
    guard let filter = try? TopicFilter(Array(text.utf8)) else { fatalError("\(text)") }
    return filter
  }

  private static func acknowledgement(_ type: PacketType, _ reason: ReasonCode) -> Packet {
    .acknowledgement(Acknowledgement(type, id, reason))
  }

  static let rows: [Row] = [
    Row(.connect(Connect(version: .v5, clientID: "c", userName: "u", password: [1])), "CONNECT"),
    Row(.connAck(ConnAck()), "CONNACK (0)"),
    Row(.connAck(ConnAck(code: 0x87)), "CONNACK (135)"),
    Row(.connAck(ConnAck(code: 5)), "CONNACK (5)", .v311),
    Row(
      .publish(Publish(topic: "a/b", payload: [1, 2, 3])),
      "PUBLISH (d0, q0, r0, m0, 'a/b', ... (3 bytes))"),
    Row(
      .publish(
        Publish(topic: "a", qos: .exactlyOnce, retain: true, duplicate: true, packetID: id)),
      "PUBLISH (d1, q2, r1, m12, 'a', ... (0 bytes))"),
    Row(acknowledgement(.pubAck, .success), "PUBACK (Mid: 12, RC:0)", .v31),
    Row(acknowledgement(.pubRec, .quotaExceeded), "PUBREC (Mid: 12, RC:151)"),
    Row(acknowledgement(.pubRel, .success), "PUBREL (Mid: 12, RC:0)"),
    Row(acknowledgement(.pubComp, .packetIdentifierNotFound), "PUBCOMP (Mid: 12, RC:146)"),
    Row(
      .subscribe(Subscribe(id, [Subscription(filter("a/#"), qos: .atLeastOnce)])),
      "SUBSCRIBE (Mid: 12, Topic: a/#, QoS: 1, Options: 0x00)"),
    Row(
      .subscribe(
        Subscribe(
          id,
          [
            Subscription(filter("a"), noLocal: true),
            Subscription(filter("b"), retainAsPublished: true, retainHandling: .never),
          ])),
      "SUBSCRIBE (Mid: 12, Topic: a, QoS: 0, Options: 0x04), "
        + "SUBSCRIBE (Mid: 12, Topic: b, QoS: 0, Options: 0x28)"),
    Row(
      .subscriptionAck(SubscriptionAck(.subAck, id, [.grantedQoS2, .notAuthorized])),
      "SUBACK (Mid: 12): 2, 135"),
    Row(
      .unsubscribe(Unsubscribe(id, [filter("a"), filter("+")])),
      "UNSUBSCRIBE (Mid: 12, Topic: a), UNSUBSCRIBE (Mid: 12, Topic: +)"),
    Row(
      .subscriptionAck(SubscriptionAck(.unsubAck, id, [.success, .noSubscriptionExisted])),
      "UNSUBACK (Mid: 12): 0, 17"),
    Row(.pingReq, "PINGREQ"),
    Row(.pingResp, "PINGRESP"),
    Row(.disconnect(Disconnect()), "DISCONNECT"),
    Row(.disconnect(Disconnect(.sessionTakenOver)), "DISCONNECT (142)"),
    Row(
      .auth(
        Auth(
          .continueAuthentication,
          Properties([Property(.authenticationMethod, "m")].compactMap { $0 }))), "AUTH (24)"),
  ]

  @Test("a line for every packet, in both directions", arguments: rows) func line(_ row: Row) {
    let bytes = row.packet.encoded(row.version)
    #expect(line(true, bytes, row.version) == "Client c sending \(row.shown)")
    #expect(line(false, bytes, row.version) == "Client c received \(row.shown)")
  }

  @Test("every packet has its row") func complete() {
    let types = Set(Self.rows.map { $0.packet.encoded($0.version)[0] >> 4 })
    #expect(types == Set(PacketType.allCases.map(\.rawValue)))
  }

  @Test("an UNSUBACK below MQTT 5 has no codes") func codeless() {
    let packet = Packet.subscriptionAck(SubscriptionAck(.unsubAck, Self.id, []))
    #expect(line(false, packet.encoded(.v311), .v311) == "Client c received UNSUBACK (Mid: 12): ")
  }

  @Test("a client without identifier is null") func anonymous() {
    #expect(line(true, [0xc0, 0], clientID: .empty) == "Client null sending PINGREQ")
  }

  @Test("of several packets the first") func first() {
    #expect(line(true, [0xc0, 0, 0xd0, 0]) == "Client c sending PINGREQ")
  }

  @Test(
    "what is no packet is said to be none",
    arguments: [
      ([0x00, 0], "a malformed packet: packet type 0"),
      ([0x32, 5, 0, 1, 0x61, 0, 0], "a malformed packet: packet identifier 0"),
      ([0xd0, 1, 0], "a malformed packet: 1 bytes too many at the end of the packet"),
      ([0x30, 0xff, 0xff, 0xff, 0xff], "a malformed packet: a length of more than four bytes"),
      ([0x30, 10, 0, 1], "a part of a packet"),
      ([0x30], "a part of a packet"),
      ([], "a part of a packet"),
    ] as [([UInt8], String)])
  func noPacket(_ bytes: [UInt8], _ shown: String) {
    #expect(line(false, bytes) == "Client c received \(shown)")
  }

  @Test("nothing from outside acts on the terminal") func hostile() {
    let text: UTF8String = "\u{1b}[2J\n\u{202e}x"
    let shown = #"\x1b[2J\n\u{202e}x"#
    let publish = Packet.publish(Publish(topic: text)).encoded(.v5)
    #expect(
      line(false, publish, clientID: text)
        == "Client \(shown) received PUBLISH (d0, q0, r0, m0, '\(shown)', ... (0 bytes))")
    let filter = Self.filter(text.description)
    let subscribe = Packet.subscribe(Subscribe(Self.id, [Subscription(filter)])).encoded(.v5)
    #expect(
      line(true, subscribe)
        == "Client c sending SUBSCRIBE (Mid: 12, Topic: \(shown), QoS: 0, Options: 0x00)")
    let unsubscribe = Packet.unsubscribe(Unsubscribe(Self.id, [filter])).encoded(.v5)
    #expect(
      line(true, unsubscribe) == "Client c sending UNSUBSCRIBE (Mid: 12, Topic: \(shown))")
  }

  private func line(
    _ sent: Bool, _ bytes: [UInt8], _ version: ProtocolVersion = .v5, clientID: UTF8String = "c"
  ) -> String {
    bytes.withUnsafeBytes { PacketTrace.line(sent: sent, $0, clientID: clientID, version) }
  }
}
