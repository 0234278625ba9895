import MQTTProtocol

/// SUBSCRIBE, MQTT 5 §3.8, MQTT 3.1.1 §3.8.
enum SubscribeRows {
  static let valid: [ValidRow] =
    everyOption
    + ProtocolVersion.allCases.flatMap { version in
      [
        ValidRow(
          "SUBSCRIBE, three filters, three levels", version,
          frame(
            0x82, idBytes, properties(version), field("a/+/c"), [0], field("#"), [1],
            field("/$SYS/"), [2]),
          .subscribe(
            Subscribe(
              id,
              [
                Subscription(try! TopicFilter("a/+/c")),
                Subscription(try! TopicFilter("#"), qos: .atLeastOnce),
                Subscription(try! TopicFilter("/$SYS/"), qos: .exactlyOnce),
              ]))),
        ValidRow(
          "SUBSCRIBE, shared (§4.8.2)", version,
          frame(0x82, idBytes, properties(version), field("$share/g/a/#"), [1]),
          .subscribe(
            Subscribe(id, [Subscription(try! TopicFilter("$share/g/a/#"), qos: .atLeastOnce)]))),
        ValidRow(
          "SUBSCRIBE, the same filter twice", version,
          frame(0x82, idBytes, properties(version), field("a"), [0], field("a"), [0]),
          .subscribe(
            Subscribe(
              id, [Subscription(try! TopicFilter("a")), Subscription(try! TopicFilter("a"))]))),
      ]
    }

  static let malformed: [MalformedRow] =
    ProtocolVersion.allCases.flatMap { version in
      [
        MalformedRow(
          "SUBSCRIBE, identifier zero [MQTT-2.2.1-3] (#42)", version,
          frame(0x82, [0, 0], properties(version), field("a"), [0]), .zeroPacketID, 0x82),
        MalformedRow(
          "SUBSCRIBE without a filter [MQTT-3.8.3-2] (#14)", version,
          frame(0x82, idBytes, properties(version)), .noFilters, 0x82),
        MalformedRow(
          "SUBSCRIBE, QoS 3 (§3.8.3.1) (#16)", version,
          frame(0x82, idBytes, properties(version), field("a"), [3]), .qosThree(.subscribe), 0x82),
        MalformedRow(
          "SUBSCRIBE, a filter that is not UTF-8 [MQTT-3.8.3-1] (#51)", version,
          frame(0x82, idBytes, properties(version), field([0xff]), [0]), .string(.illFormed), 0x81),
        MalformedRow(
          "SUBSCRIBE, a filter with U+0000 [MQTT-4.7.3-2] (#52)", version,
          frame(0x82, idBytes, properties(version), field([0]), [0]), .string(.nullCharacter), 0x81),
        MalformedRow(
          "SUBSCRIBE, half a second filter (#58)", version,
          frame(0x82, idBytes, properties(version), field("a"), [0], [0, 2, 0x62]), .truncated, 0x81
        ),
        MalformedRow(
          "SUBSCRIBE, a second filter without options (#58)", version,
          frame(0x82, idBytes, properties(version), field("a"), [0], field("b")), .truncated, 0x81),
      ] + wrongFilters(version) + reservedBits(version) + cuts(version)
    } + [
      MalformedRow(
        "SUBSCRIBE, retain handling 3 (§3.8.3.1) (#16)", .v5,
        frame(0x82, idBytes, block(), field("a"), [0x30]), .retainHandlingThree, 0x82),
      MalformedRow(
        "SUBSCRIBE, No Local on a shared subscription [MQTT-3.8.3-4] (#13)", .v5,
        frame(0x82, idBytes, block(), field("$share/g/a"), [0x05]), .sharedNoLocal, 0x82),
    ]

  private static func properties(_ version: ProtocolVersion) -> [UInt8] {
    version == .v5 ? block() : []
  }

  private static let everyOption = ProtocolVersion.allCases.flatMap { version in
    (0...(version == .v5 ? 0x2f : 2) as ClosedRange<UInt8>).filter { $0 & 3 != 3 }.map { options in
      ValidRow(
        "SUBSCRIBE, options \(hex(options))", version,
        frame(0x82, idBytes, properties(version), field("a"), [options]),
        .subscribe(
          Subscribe(
            id,
            [
              Subscription(
                try! TopicFilter("a"), qos: QoS(rawValue: options & 0b11)!,
                noLocal: options & 0b0100 != 0, retainAsPublished: options & 0b1000 != 0,
                retainHandling: Subscription.RetainHandling(rawValue: options >> 4)!)
            ])))
    }
  }

  /// Bits 6 and 7 in MQTT 5 [MQTT-3.8.3-5]; 2 to 7 before (3.1.1 [MQTT-3.8.3-4]).
  private static func reservedBits(_ version: ProtocolVersion) -> [MalformedRow] {
    ((version == .v5 ? 6 : 2)..<8).map { bit in
      MalformedRow(
        "SUBSCRIBE, option bit \(bit) [MQTT-3.8.3-5] (#16)", version,
        frame(0x82, idBytes, properties(version), field("a"), [1 << bit]),
        .reservedBits(.subscribe, 1 << bit), 0x81)
    }
  }

  private static func wrongFilters(_ version: ProtocolVersion) -> [MalformedRow] {
    [
      ("", "[MQTT-4.7.3-1] (#7)"), ("#/a", "[MQTT-4.7.1-1] (#9)"), ("a#", "[MQTT-4.7.1-1] (#9)"),
      ("a+", "[MQTT-4.7.1-2] (#10)"), ("+a/b", "[MQTT-4.7.1-2] (#10)"),
      ("$share//a", "[MQTT-4.8.2-1] (#11)"), ("$share/g", "[MQTT-4.8.2-2] (#12)"),
      ("$share/g/", "[MQTT-4.8.2-2] (#12)"), ("$share/+/a", "[MQTT-4.8.2-2] (#12)"),
      ("$share/g#/a", "[MQTT-4.8.2-2] (#12)"),
    ].map { filter, tag in
      MalformedRow(
        "SUBSCRIBE, filter '\(filter)' \(tag)", version,
        frame(0x82, idBytes, properties(version), field(filter), [0]), .invalidFilter, 0x8f)
    }
  }

  private static func cuts(_ version: ProtocolVersion) -> [MalformedRow] {
    let body = idBytes + properties(version) + field("a/b") + [0]
    return MalformedRow.cuts("SUBSCRIBE", version, 0x82, body)
      .filter { $0.bytes[1] != (version == .v5 ? 3 : 2) }  // Ends before the first filter: above.
  }
}
