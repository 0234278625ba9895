import MQTTProtocol

/// DISCONNECT, MQTT 5 §3.14, MQTT 3.1.1 §3.14.
enum DisconnectRows {
  static let valid: [ValidRow] =
    ProtocolVersion.allCases.map {
      ValidRow("DISCONNECT, empty", $0, [0xe0, 0], .disconnect(Disconnect()))
    } + [
      ValidRow(
        "DISCONNECT, all spelled out", .v5, [0xe0, 2, 0, 0], .disconnect(Disconnect()),
        canonical: [0xe0, 0]),
      ValidRow(
        "DISCONNECT, with will, no property length (§3.14.2.2.1)", .v5, [0xe0, 1, 4],
        .disconnect(Disconnect(.disconnectWithWill))),
      ValidRow(
        "DISCONNECT, with will, property length 0", .v5, [0xe0, 2, 4, 0],
        .disconnect(Disconnect(.disconnectWithWill)), canonical: [0xe0, 1, 4]),
      ValidRow(
        "DISCONNECT, server moved, with its new address", .v5,
        frame(0xe0, [0x9d], block([0x1c] + field("b:1883"))),
        .disconnect(Disconnect(.serverMoved, Properties([Property(.serverReference, "b:1883")!])))),
    ]

  static let malformed: [MalformedRow] = [
    MalformedRow(
      "DISCONNECT with a body (#58)", .v31, [0xe0, 1, 0], .trailingBytes(1), 0x81),
    MalformedRow(
      "DISCONNECT with a body (#58)", .v311, [0xe0, 2, 0, 0], .trailingBytes(2), 0x81),
    MalformedRow(
      "DISCONNECT, a byte behind the properties (#58)", .v5, [0xe0, 3, 0, 0, 0],
      .trailingBytes(1), 0x81),
    MalformedRow(
      "DISCONNECT, a property length past the end (#58)", .v5, [0xe0, 2, 0, 1], .truncated, 0x81),
    MalformedRow(
      "DISCONNECT, a property length that does not end (#58)", .v5, [0xe0, 2, 0, 0x80], .truncated,
      0x81),
  ]
}
