import MQTTProtocol

/// SUBACK and UNSUBACK, MQTT 5 §3.9 and §3.11, MQTT 3.1.1 §3.9 and §3.11.
enum SubscriptionAckRows {
  static let valid: [ValidRow] =
    [ProtocolVersion.v31, .v311].flatMap { version in
      ([0, 1, 2, 0x80] as [UInt8]).map { code in
        ValidRow(
          "SUBACK, return code \(hex(code)) [MQTT-3.9.3-2]", version, frame(0x90, idBytes, [code]),
          .subscriptionAck(SubscriptionAck(.subAck, id, [ReasonCode(rawValue: code)])))
      } + [
        ValidRow(
          "UNSUBACK, no codes below MQTT 5", version, frame(0xb0, idBytes),
          .subscriptionAck(SubscriptionAck(.unsubAck, id, []))),
        // Against [MQTT-3.9.3-2], on purpose: ejabberd sends MQTT 5's codes in 3.1.1 as well.
        ValidRow(
          "SUBACK, ejabberd's 0x8f for an invalid filter", version, frame(0x90, idBytes, [0x8f]),
          .subscriptionAck(SubscriptionAck(.subAck, id, [.topicFilterInvalid]))),
      ]
    } + [
      ValidRow(
        "SUBACK, a code for each of four filters, in order (#86)", .v5,
        frame(0x90, idBytes, block(), [2, 0x87, 0, 1]),
        .subscriptionAck(
          SubscriptionAck(.subAck, id, [.grantedQoS2, .notAuthorized, .grantedQoS0, .grantedQoS1]))),
      ValidRow(
        "SUBACK, a code for each of four filters, in order (#86)", .v311,
        frame(0x90, idBytes, [2, 0x80, 0, 1]),
        .subscriptionAck(
          SubscriptionAck(
            .subAck, id, [.grantedQoS2, .unspecifiedError, .grantedQoS0, .grantedQoS1]))),
      ValidRow(
        "UNSUBACK, a code for each of two filters, in order (#88)", .v5,
        frame(0xb0, idBytes, block(), [0x11, 0]),
        .subscriptionAck(SubscriptionAck(.unsubAck, id, [.noSubscriptionExisted, .success]))),
    ]

  static let malformed: [MalformedRow] =
    ProtocolVersion.allCases.flatMap { version in
      [
        MalformedRow(
          "SUBACK, identifier zero [MQTT-2.2.1-3] (#80)", version,
          frame(0x90, [0, 0], properties(version), [0]), .zeroPacketID, 0x82),
        MalformedRow(
          "UNSUBACK, identifier zero [MQTT-2.2.1-3] (#80)", version,
          frame(0xb0, [0, 0], properties(version), version == .v5 ? [0] : []), .zeroPacketID, 0x82),
        MalformedRow(
          "SUBACK without a code [MQTT-3.8.4-6] (#86)", version,
          frame(0x90, idBytes, properties(version)), .noReasonCodes, 0x82),
        MalformedRow(
          "SUBACK, granted QoS 3 [MQTT-3.9.3-2] (#87)", version,
          frame(0x90, idBytes, properties(version), [3]), .unknownReasonCode(.subAck, 3), 0x82),
        MalformedRow(
          "SUBACK, the second code outside the table [MQTT-3.9.3-2] (#87)", version,
          frame(0x90, idBytes, properties(version), [0, 0x7f]), .unknownReasonCode(.subAck, 0x7f),
          0x82),
      ]
        + MalformedRow.cuts(
          "SUBACK", version, 0x90, idBytes + (version == .v5 ? block([0x1f, 0, 1, 0x78]) : []))
        + MalformedRow.cuts(
          "UNSUBACK", version, 0xb0, idBytes + (version == .v5 ? block([0x1f, 0, 1, 0x78]) : []))
    } + [
      MalformedRow(
        "UNSUBACK without a code [MQTT-3.11.3-1] (#88)", .v5, frame(0xb0, idBytes, block()),
        .noReasonCodes, 0x82),
      MalformedRow(
        "UNSUBACK with a code (#58)", .v31, frame(0xb0, idBytes, [0]), .trailingBytes(1), 0x81),
      MalformedRow(
        "UNSUBACK with a code (#58)", .v311, frame(0xb0, idBytes, [0]), .trailingBytes(1), 0x81),
    ]

  private static func properties(_ version: ProtocolVersion) -> [UInt8] {
    version == .v5 ? block() : []
  }
}
