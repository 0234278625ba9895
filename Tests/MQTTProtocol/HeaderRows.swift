// The fixed header: types and flags that do not exist, lengths in more bytes than they need.

import MQTTProtocol

/// MQTT 5 §2.1, MQTT 3.1.1 §2.2.
enum HeaderRows {
  static let valid: [ValidRow] = [
    ValidRow(
      "3.1.1 tolerates a padded length (#54)", .v311, [0xd0, 0x80, 0x00], .pingResp,
      canonical: [0xd0, 0x00]),
    ValidRow(
      "3.1.1 tolerates a length padded to four bytes (#54)", .v311,
      [0x40, 0x82, 0x80, 0x80, 0x00, 0x12, 0x34], .acknowledgement(Acknowledgement(.pubAck, id)),
      canonical: [0x40, 0x02, 0x12, 0x34]),
    ValidRow(
      "3.1 tolerates a padded length (#54)", .v31, [0xc0, 0x80, 0x80, 0x00], .pingReq,
      canonical: [0xc0, 0x00]),
    ValidRow(
      "SUBSCRIBE with the DUP flag, MQTT 3.1 §2.1", .v31, frame(0x8a, idBytes, field("a"), [0]),
      .subscribe(Subscribe(id, [Subscription(try! TopicFilter("a"))])),
      canonical: frame(0x82, idBytes, field("a"), [0])),
    ValidRow(
      "UNSUBSCRIBE with the DUP flag, MQTT 3.1 §2.1", .v31, frame(0xaa, idBytes, field("a")),
      .unsubscribe(Unsubscribe(id, [try! TopicFilter("a")])),
      canonical: frame(0xa2, idBytes, field("a"))),
    ValidRow(
      "PUBREL with the DUP flag, MQTT 3.1 §2.1", .v31, frame(0x6a, idBytes),
      .acknowledgement(Acknowledgement(.pubRel, id)), canonical: frame(0x62, idBytes)),
  ]

  static let malformed: [MalformedRow] = absentTypes + reservedFlags + lengths

  private static let absentTypes = ProtocolVersion.allCases.flatMap { version in
    (version == .v5 ? [0x00, 0x0f] : [0x00, 0x0f, 0xf0]).map { (first: UInt8) in
      MalformedRow(
        "first byte \(hex(first)) is no packet (#57)", version, [first, 0],
        .unknownPacketType(first >> 4), 0x82)
    }
  }

  /// Table 2-2: 0 in all packets but PUBREL, SUBSCRIBE and UNSUBSCRIBE (2) and PUBLISH (any).
  private static let fixed: [(PacketType, first: UInt8)] = [
    (.connect, 0x10), (.connAck, 0x20), (.pubAck, 0x40), (.pubRec, 0x50), (.pubRel, 0x62),
    (.pubComp, 0x70), (.subscribe, 0x82), (.subAck, 0x90), (.unsubscribe, 0xa2),
    (.unsubAck, 0xb0), (.pingReq, 0xc0), (.pingResp, 0xd0), (.disconnect, 0xe0), (.auth, 0xf0),
  ]

  private static let reservedFlags = ProtocolVersion.allCases.flatMap { version in
    fixed.filter { version == .v5 || $0.0 != .auth }.flatMap { type, right in
      wrongFlags(right, version).map { (flags: UInt8) in
        MalformedRow(
          "\(type) with flags \(flags) [MQTT-2.1.3-1] (#56)", version, [right & 0xf0 | flags, 0],
          .reservedFlags(type, flags), 0x81)
      }
    }
  }

  private static func wrongFlags(_ first: UInt8, _ version: ProtocolVersion) -> [UInt8] {
    let right = first & 0x0f
    return (0...15).filter { (flags: UInt8) in
      let isRepeat = version == .v31 && right == 2 && flags == 10
      return flags != right && !isRepeat
    }
  }

  private static let lengths = tooLong + padded

  private static let tooLong = ProtocolVersion.allCases.flatMap { version in
    ([0x30, 0x40, 0xd0] as [UInt8]).map { first in
      MalformedRow(
        "first byte \(hex(first)), length of five bytes [MQTT-1.5.5-1] (#54)", version,
        [first, 0x80, 0x80, 0x80, 0x80, 0x01], .lengthTooLong, 0x81)
    }
  }

  private static let padded = fixed.flatMap { type, first in
    ([[0x80, 0x00], [0x80, 0x80, 0x00], [0xff, 0x80, 0x80, 0x00]] as [[UInt8]]).map { length in
      MalformedRow(
        "\(type), length padded to \(length.count) bytes [MQTT-1.5.5-1] (#54)", .v5,
        [first] + length, .lengthNotMinimal, 0x81)
    }
  }
}
