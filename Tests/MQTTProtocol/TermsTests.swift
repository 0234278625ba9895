import MQTTProtocol
import Testing

@Suite("Terms, MQTT 5 §2.1.2, §2.2.1, §2.4") struct TermsTests {
  @Test("identifiers run from 1 to 65,535 and around, never 0 [MQTT-2.2.1-3] (#42)")
  func identifiers() {
    #expect(PacketID(rawValue: 0) == nil)
    var seen: Set<UInt16> = []
    var next = PacketID.first
    for _ in 0..<65_535 {
      seen.insert(next.rawValue)
      next = next.next
    }
    #expect(seen.count == 65_535)
    #expect(next == .first)
  }

  /// Table 2-6.
  static let names: [UInt8: String] = [
    0x00: "Success", 0x01: "Granted QoS 1", 0x02: "Granted QoS 2",
    0x04: "Disconnect with Will Message", 0x10: "No matching subscribers",
    0x11: "No subscription existed", 0x18: "Continue authentication", 0x19: "Re-authenticate",
    0x80: "Unspecified error", 0x81: "Malformed Packet", 0x82: "Protocol Error",
    0x83: "Implementation specific error", 0x84: "Unsupported Protocol Version",
    0x85: "Client Identifier not valid", 0x86: "Bad User Name or Password", 0x87: "Not authorized",
    0x88: "Server unavailable", 0x89: "Server busy", 0x8a: "Banned", 0x8b: "Server shutting down",
    0x8c: "Bad authentication method", 0x8d: "Keep Alive timeout", 0x8e: "Session taken over",
    0x8f: "Topic Filter invalid", 0x90: "Topic Name invalid", 0x91: "Packet Identifier in use",
    0x92: "Packet Identifier not found", 0x93: "Receive Maximum exceeded",
    0x94: "Topic Alias invalid", 0x95: "Packet too large", 0x96: "Message rate too high",
    0x97: "Quota exceeded", 0x98: "Administrative action", 0x99: "Payload format invalid",
    0x9a: "Retain not supported", 0x9b: "QoS not supported", 0x9c: "Use another server",
    0x9d: "Server moved", 0x9e: "Shared Subscriptions not supported",
    0x9f: "Connection rate exceeded", 0xa0: "Maximum connect time",
    0xa1: "Subscription Identifiers not supported",
    0xa2: "Wildcard Subscriptions not supported",
  ]

  @Test("reason codes by name (#97)") func reasonCodes() {
    #expect(Self.names.count == 43)
    for code in UInt8.min...UInt8.max {
      let reason = ReasonCode(rawValue: code)
      #expect(reason.description == Self.names[code] ?? "Unknown reason")
      #expect(reason.isFailure == (code >= 0x80))
    }
  }

  @Test func packetTypesByNumberAndName() {
    let names = [
      "CONNECT", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "SUBSCRIBE",
      "SUBACK", "UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT", "AUTH",
    ]
    for (number, name) in zip(UInt8(1)..., names) {
      #expect(PacketType(rawValue: number)?.description == name)
    }
    #expect(PacketType.allCases.count == 15)
  }
}
