import MQTTProtocol

/// PUBLISH, MQTT 5 §3.3, MQTT 3.1.1 §3.3.
enum PublishRows {
  static let valid: [ValidRow] =
    everyFlag + [
      ValidRow(
        "PUBLISH, an alias in place of the topic (#74)", .v5,
        frame(0x30, field(""), block([0x23, 0, 7]), [1]),
        .publish(
          Publish(topic: "", payload: [1], properties: Properties([Property(.topicAlias, 7)!])))),
      ValidRow(
        "PUBLISH, topic of slashes alone (§4.7.3)", .v311, frame(0x30, field("//")),
        .publish(Publish(topic: "//"))),
      ValidRow(
        "PUBLISH, byte order mark kept [MQTT-1.5.4-3] (#53)", .v5,
        frame(0x30, field([0xef, 0xbb, 0xbf]), block()), .publish(Publish(topic: "\u{feff}"))),
      ValidRow(
        "PUBLISH, identifier 65,535", .v311, frame(0x32, field("t"), [0xff, 0xff]),
        .publish(Publish(topic: "t", qos: .atLeastOnce, packetID: PacketID(rawValue: 65535)))),
      ValidRow(
        "PUBLISH, payload that looks like a packet", .v31, frame(0x30, field("t"), [0x30, 0x80]),
        .publish(Publish(topic: "t", payload: [0x30, 0x80]))),
      ValidRow(
        "PUBLISH, several subscription identifiers (§3.3.2.3.8)", .v5,
        frame(0x30, field("t"), block([0x0b, 1, 0x0b, 0x80, 0x01, 0x0b, 1])),
        .publish(
          Publish(
            topic: "t",
            properties: Properties([1, 128, 1].map { Property(.subscriptionIdentifier, $0)! })))),
      ValidRow(
        "PUBLISH, a request with response topic and correlation data", .v5,
        frame(0x30, field("t"), block([0x08, 0, 1, 0x72, 0x09, 0, 2, 0, 0xff]), [0x3f]),
        .publish(
          Publish(
            topic: "t", payload: [0x3f],
            properties: Properties([
              Property(.responseTopic, "r")!, Property(.correlationData, [0, 0xff])!,
            ])))),
      ValidRow(
        "PUBLISH, a wildcard in the response topic: not to be published to, but no fault (#105)",
        .v5,
        frame(0x30, field("t"), block([0x08] + field("r/+"))),
        .publish(
          Publish(topic: "t", properties: Properties([Property(.responseTopic, "r/+")!])))),
      ValidRow(
        "PUBLISH, remaining length of two bytes", .v311,
        [0x30, 0x80, 0x01, 0, 1, 0x74] + Array(repeating: 0xaa, count: 125),
        .publish(Publish(topic: "t", payload: Array(repeating: 0xaa, count: 125)))),
    ]

  static let malformed: [MalformedRow] =
    ProtocolVersion.allCases.flatMap { version in
      wrongFlags(version) + wrongTopics(version) + cuts(version)
    } + [
      MalformedRow(
        "PUBLISH, neither topic nor alias [MQTT-4.7.3-1] (#75)", .v5,
        frame(0x30, field(""), block()),
        .emptyTopic, 0x82),
      MalformedRow(
        "PUBLISH, no topic but other properties (#75)", .v5,
        frame(0x30, field(""), block([0x01, 1])), .emptyTopic, 0x82),
      MalformedRow(
        "PUBLISH, empty topic [MQTT-4.7.3-1] (#75)", .v31, frame(0x30, field("")), .emptyTopic, 0x82
      ),
      MalformedRow(
        "PUBLISH, empty topic [MQTT-4.7.3-1] (#75)", .v311, frame(0x30, field("")), .emptyTopic,
        0x82),
      MalformedRow(
        "PUBLISH, alias 0 [MQTT-3.3.2-8] (#73)", .v5, frame(0x30, field("t"), block([0x23, 0, 0])),
        .propertyOutOfRange(.topicAlias, 0), 0x94),
      MalformedRow(
        "PUBLISH, no property length (#58)", .v5, frame(0x30, field("t")), .truncated, 0x81),
      MalformedRow(
        "PUBLISH, a property length into the next packet (#58)", .v5,
        frame(0x30, field("t"), [2, 1]) + [1], .truncated, 0x81),
      MalformedRow(
        "PUBLISH, property length padded [MQTT-1.5.5-1] (#54)", .v5,
        frame(0x30, field("t"), [0x80, 0x00]), .lengthNotMinimal, 0x81),
      MalformedRow(
        "PUBLISH, property length of five bytes [MQTT-1.5.5-1] (#54)", .v5,
        frame(0x30, field("t"), [0x80, 0x80, 0x80, 0x80, 0x01]), .lengthTooLong, 0x81),
    ]

  private static func properties(_ version: ProtocolVersion) -> [UInt8] {
    version == .v5 ? block() : []
  }

  /// All first bytes but QoS 3 and DUP at QoS 0, each with and without a payload.
  private static let everyFlag = ProtocolVersion.allCases.flatMap { version in
    ([0, 1, 2, 3, 4, 5, 10, 11, 12, 13] as [UInt8]).flatMap { flags in
      [[], [0x00, 0xff, 0x80]].map { (payload: [UInt8]) in
        let qos = QoS(rawValue: flags >> 1 & 3)!
        return ValidRow(
          "PUBLISH, flags \(flags), payload of \(payload.count) bytes", version,
          frame(
            0x30 | flags, field("a/b"), qos == .atMostOnce ? [] : idBytes, properties(version),
            payload),
          .publish(
            Publish(
              topic: "a/b", payload: payload, qos: qos, retain: flags & 1 != 0,
              duplicate: flags & 8 != 0, packetID: qos == .atMostOnce ? nil : id)))
      }
    }
  }

  private static func wrongFlags(_ version: ProtocolVersion) -> [MalformedRow] {
    ([6, 7, 14, 15] as [UInt8]).map { flags in
      MalformedRow(
        "PUBLISH, QoS 3, flags \(flags) [MQTT-3.3.1-4] (#78)", version,
        frame(0x30 | flags, field("t"), idBytes, properties(version)), .qosThree(.publish), 0x81)
    }
      + ([8, 9] as [UInt8]).map { flags in
        MalformedRow(
          "PUBLISH, DUP at QoS 0, flags \(flags) [MQTT-3.3.1-2] (#79)", version,
          frame(0x30 | flags, field("t"), properties(version)), .duplicateAtQoS0, 0x81)
      }
      + ([2, 4, 10, 13] as [UInt8]).map { flags in
        MalformedRow(
          "PUBLISH, identifier zero, flags \(flags) [MQTT-2.2.1-3] (#80)", version,
          frame(0x30 | flags, field("t"), [0, 0], properties(version)), .zeroPacketID, 0x82)
      }
  }

  private static func wrongTopics(_ version: ProtocolVersion) -> [MalformedRow] {
    let faults: [(String, [UInt8], MalformedPacket, UInt8)] = [
      ("+ [MQTT-3.3.2-2] (#81)", [0x61, 0x2f, 0x2b], .wildcardInTopic, 0x90),
      ("# [MQTT-3.3.2-2] (#81)", [0x23], .wildcardInTopic, 0x90),
      ("+ inside a level [MQTT-3.3.2-2] (#81)", [0x61, 0x2b, 0x62], .wildcardInTopic, 0x90),
      ("U+0000 [MQTT-1.5.4-2] (#52)", [0x61, 0x00], .string(.nullCharacter), 0x81),
      ("a lone continuation byte [MQTT-1.5.4-1] (#51)", [0x80], .string(.illFormed), 0x81),
      ("an overlong slash [MQTT-1.5.4-1] (#51)", [0xc0, 0xaf], .string(.illFormed), 0x81),
      ("a surrogate [MQTT-1.5.4-1] (#51)", [0xed, 0xbf, 0xbf], .string(.illFormed), 0x81),
      ("U+110000 [MQTT-1.5.4-1] (#51)", [0xf4, 0x90, 0x80, 0x80], .string(.illFormed), 0x81),
    ]
    return faults.map { name, topic, error, code in
      MalformedRow(
        "PUBLISH, topic with \(name)", version, frame(0x30, field(topic), properties(version)),
        error, code)
    }
  }

  private static func cuts(_ version: ProtocolVersion) -> [MalformedRow] {
    let body = field("a/b") + idBytes + (version == .v5 ? block([0x02, 0, 0, 0, 9]) : [])
    return MalformedRow.cuts("PUBLISH", version, 0x32, body)
  }
}
