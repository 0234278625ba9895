// Every packet that carries a reason code, with all 256 of them.

import MQTTProtocol

/// The tables of MQTT 5 §3.2.2.2, §3.4.2.1, §3.5.2.1, §3.6.2.1, §3.7.2.1, §3.9.3, §3.11.3, §3.14.2.1
/// and §3.15.2.1, and the return codes of MQTT 3.1.1 §3.2.2.3.
enum ReasonCodeRows {
  private static let tables: [(type: PacketType, codes: Set<UInt8>)] = [
    (
      .connAck,
      [
        0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x90, 0x95,
        0x97, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9f,
      ]
    ),
    // 0x95 is in no table, and mosquitto sends it.
    (.pubAck, [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x95, 0x97, 0x99]),
    (.pubRec, [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x95, 0x97, 0x99]),
    (.pubRel, [0x00, 0x92]),
    (.pubComp, [0x00, 0x92]),
    (.subAck, [0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2]),
    (.unsubAck, [0x00, 0x11, 0x80, 0x83, 0x87, 0x8f, 0x91]),
    (
      .disconnect,
      [
        0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94,
        0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2,
        0x8c,  // Table 2-6 gives DISCONNECT this one, §3.14.2.1 forgets it.
      ]
    ),
    (.auth, [0x00, 0x18, 0x19]),
  ]

  static let valid: [ValidRow] =
    tables.flatMap { type, codes in
      codes.sorted().map {
        ValidRow(
          "\(type) \(hex($0))", .v5, bytes(type, $0), packet(type, $0), canonical: short(type, $0))
      }
    }
    + [ProtocolVersion.v31, .v311].flatMap { version in
      (0...5).map { (code: UInt8) in
        ValidRow(
          "CONNACK, return code \(code) [MQTT-3.2.2-6]", version, [0x20, 0x02, 0x00, code],
          .connAck(ConnAck(code: code)))
      }
    }

  static let malformed: [MalformedRow] =
    tables.flatMap { type, codes in
      (UInt8.min...UInt8.max).filter { !codes.contains($0) }.map {
        MalformedRow(
          "\(type) \(hex($0)), not in its table (\(tag(type)))", .v5, bytes(type, $0),
          .unknownReasonCode(type, $0), 0x82)
      }
    }
    + [ProtocolVersion.v31, .v311].flatMap { version in
      (6...UInt8.max).map {
        MalformedRow(
          "CONNACK, reserved return code \($0) (#69)", version, [0x20, 0x02, 0x00, $0],
          .unknownReasonCode(.connAck, $0), 0x82)
      }
    }

  private static let method = [0x15] + field("m")

  private static func bytes(_ type: PacketType, _ code: UInt8) -> [UInt8] {
    switch type {
    case .connAck: frame(0x20, [0, code], block())
    case .subAck: frame(0x90, idBytes, block(), [code])
    case .unsubAck: frame(0xb0, idBytes, block(), [code])
    case .disconnect: frame(0xe0, [code])
    case .auth: frame(0xf0, [code], block(method))
    case .pubRel: frame(0x62, idBytes, [code])
    default: frame(type.rawValue << 4, idBytes, [code])
    }
  }

  /// Success may be left out where nothing follows it.
  private static func short(_ type: PacketType, _ code: UInt8) -> [UInt8]? {
    switch (type, code) {
    case (.pubRel, 0): frame(0x62, idBytes)
    case (.pubAck, 0), (.pubRec, 0), (.pubComp, 0): frame(type.rawValue << 4, idBytes)
    case (.disconnect, 0): frame(0xe0)
    default: nil
    }
  }

  private static func packet(_ type: PacketType, _ code: UInt8) -> Packet {
    let reason = ReasonCode(rawValue: code)
    return switch type {
    case .connAck: .connAck(ConnAck(code: code))
    case .subAck, .unsubAck: .subscriptionAck(SubscriptionAck(type, id, [reason]))
    case .disconnect: .disconnect(Disconnect(reason))
    case .auth: .auth(Auth(reason, Properties([Property(.authenticationMethod, "m")!])))
    default: .acknowledgement(Acknowledgement(type, id, reason))
    }
  }

  private static func tag(_ type: PacketType) -> String {
    switch type {
    case .connAck: "[MQTT-3.2.2-8] #69"
    case .subAck: "[MQTT-3.9.3-2] #87"
    case .unsubAck: "[MQTT-3.11.3-2] #88"
    case .disconnect: "[MQTT-3.14.2-1] #97"
    case .auth: "[MQTT-3.15.2-1] #100"
    default: "[MQTT-3.4.2-1] [MQTT-3.5.2-1] [MQTT-3.6.2-1] [MQTT-3.7.2-1] #89"
    }
  }
}
