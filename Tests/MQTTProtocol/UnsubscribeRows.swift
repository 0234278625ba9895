import MQTTProtocol

/// UNSUBSCRIBE, MQTT 5 §3.10, MQTT 3.1.1 §3.10.
enum UnsubscribeRows {
  static let valid: [ValidRow] = ProtocolVersion.allCases.flatMap { version in
    [
      ValidRow(
        "UNSUBSCRIBE, one filter", version, frame(0xa2, idBytes, properties(version), field("a/#")),
        .unsubscribe(Unsubscribe(id, [try! TopicFilter("a/#")]))),
      ValidRow(
        "UNSUBSCRIBE, two filters", version,
        frame(0xa2, idBytes, properties(version), field("+"), field("$share/g/+")),
        .unsubscribe(
          Unsubscribe(id, [try! TopicFilter("+"), try! TopicFilter("$share/g/+")]))),
    ]
  }

  static let malformed: [MalformedRow] = ProtocolVersion.allCases.flatMap { version in
    [
      MalformedRow(
        "UNSUBSCRIBE, identifier zero [MQTT-2.2.1-3] (#42)", version,
        frame(0xa2, [0, 0], properties(version), field("a")), .zeroPacketID, 0x82),
      MalformedRow(
        "UNSUBSCRIBE without a filter [MQTT-3.10.3-2] (#15)", version,
        frame(0xa2, idBytes, properties(version)), .noFilters, 0x82),
      MalformedRow(
        "UNSUBSCRIBE, an empty filter [MQTT-4.7.3-1] (#15)", version,
        frame(0xa2, idBytes, properties(version), field("")), .invalidFilter, 0x8f),
      MalformedRow(
        "UNSUBSCRIBE, # before the last level [MQTT-4.7.1-1] (#15)", version,
        frame(0xa2, idBytes, properties(version), field("a"), field("#/a")), .invalidFilter, 0x8f),
      MalformedRow(
        "UNSUBSCRIBE, a filter that is not UTF-8 [MQTT-3.10.3-1] (#15)", version,
        frame(0xa2, idBytes, properties(version), field([0xc1, 0x81])), .string(.illFormed), 0x81),
      MalformedRow(
        "UNSUBSCRIBE, one byte behind the filter (#58)", version,
        frame(0xa2, idBytes, properties(version), field("a"), [0]), .truncated, 0x81),
    ]
      + MalformedRow.cuts(
        "UNSUBSCRIBE", version, 0xa2, idBytes + properties(version) + field("a/b")
      ).filter { $0.bytes[1] != (version == .v5 ? 3 : 2) }
  }

  private static func properties(_ version: ProtocolVersion) -> [UInt8] {
    version == .v5 ? block() : []
  }
}
