import MQTTProtocol

/// CONNACK, MQTT 5 §3.2, MQTT 3.1.1 §3.2.
enum ConnAckRows {
  static let valid: [ValidRow] = [
    ValidRow(
      "CONNACK, session present", .v5, [0x20, 3, 1, 0, 0], .connAck(ConnAck(sessionPresent: true))),
    ValidRow(
      "CONNACK, session present", .v311, [0x20, 2, 1, 0], .connAck(ConnAck(sessionPresent: true))),
    ValidRow(
      "CONNACK, a first byte that MQTT 3.1 gives no meaning", .v31, [0x20, 2, 0xff, 0],
      .connAck(ConnAck()), canonical: [0x20, 2, 0, 0]),
    ValidRow(
      "CONNACK, MQTT 5 refused by a server that knows 3.1.1 only, in its own form", .v5,
      [0x20, 2, 0, 1], .connAck(ConnAck(code: 0x84)), canonical: [0x20, 3, 0, 0x84, 0]),
    ValidRow(
      "CONNACK, the limits of a small broker", .v5,
      frame(
        0x20, [0, 0],
        block(
          [0x21, 0, 10, 0x24, 1, 0x25, 0, 0x27, 0, 0, 4, 0, 0x12, 0, 2, 0x69, 0x64, 0x22, 0, 8],
          [0x28, 0, 0x29, 0, 0x2a, 0, 0x13, 0, 30])),
      .connAck(
        ConnAck(
          properties: Properties([
            Property(.receiveMaximum, 10)!, Property(.maximumQoS, 1)!,
            Property(.retainAvailable, 0)!, Property(.maximumPacketSize, 1024)!,
            Property(.assignedClientIdentifier, "id")!, Property(.topicAliasMaximum, 8)!,
            Property(.wildcardSubscriptionAvailable, 0)!,
            Property(.subscriptionIdentifierAvailable, 0)!,
            Property(.sharedSubscriptionAvailable, 0)!, Property(.serverKeepAlive, 30)!,
          ])))),
    ValidRow(
      "CONNACK, properties of more than 127 bytes", .v5,
      frame(
        0x20, [0, 0x87], [0x83, 0x01], [0x1f, 0, 128], Array(repeating: 0x78, count: 128)),
      .connAck(
        ConnAck(
          code: 0x87,
          properties: Properties([
            Property(.reasonString, try! UTF8String(Array(repeating: 0x78, count: 128)))!
          ])))),
  ]

  static let malformed: [MalformedRow] =
    [ProtocolVersion.v311, .v5].flatMap { version in
      (1..<8).map { bit in
        MalformedRow(
          "CONNACK, flag bit \(bit) [MQTT-3.2.2-1] (#64)", version,
          frame(0x20, [1 << bit, 0], version == .v5 ? block() : []),
          .reservedBits(.connAck, 1 << bit), 0x81)
      }
    }
    + [
      MalformedRow(
        "CONNACK, session present and not authorized [MQTT-3.2.2-6] (#68)", .v5,
        [0x20, 3, 1, 0x87, 0], .sessionPresentWithError, 0x82),
      MalformedRow(
        "CONNACK, session present and refused [MQTT-3.2.2-4] (#68)", .v311, [0x20, 2, 1, 5],
        .sessionPresentWithError, 0x82),
      MalformedRow(
        "CONNACK, properties in 3.1 (#58)", .v31, [0x20, 3, 0, 0, 0], .trailingBytes(1), 0x81),
      MalformedRow(
        "CONNACK, properties in 3.1.1 (#58)", .v311, [0x20, 3, 0, 0, 0], .trailingBytes(1), 0x81),
      MalformedRow(
        "CONNACK, a byte behind the properties (#58)", .v5, [0x20, 4, 0, 0, 0, 0],
        .trailingBytes(1), 0x81),
    ]
    + MalformedRow.cuts("CONNACK", .v31, 0x20, [0, 0])
    + MalformedRow.cuts("CONNACK", .v311, 0x20, [0, 0])
    + MalformedRow.cuts("CONNACK with a reason", .v5, 0x20, [0, 0x87, 5, 0x1f, 0, 2, 0x6e, 0x6f])
}
