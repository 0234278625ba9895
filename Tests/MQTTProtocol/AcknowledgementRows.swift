import MQTTProtocol

/// PUBACK, PUBREC, PUBREL and PUBCOMP, MQTT 5 §3.4 to §3.7, MQTT 3.1.1 §3.4 to §3.7.
enum AcknowledgementRows {
  private static let firsts: [(PacketType, UInt8)] = [
    (.pubAck, 0x40), (.pubRec, 0x50), (.pubRel, 0x62), (.pubComp, 0x70),
  ]

  static let valid: [ValidRow] = firsts.flatMap { type, first in
    ProtocolVersion.allCases.map {
      ValidRow(
        "\(type) of two bytes (#91)", $0, [first, 2, 0x12, 0x34],
        .acknowledgement(Acknowledgement(type, id)))
    } + [
      ValidRow(
        "\(type), no code, identifier 65,535 (#91)", .v5, [first, 2, 0xff, 0xff],
        .acknowledgement(Acknowledgement(type, PacketID(rawValue: 65535)!))),
      ValidRow(
        "\(type), success spelled out with no properties (#91)", .v5,
        [first, 4, 0x12, 0x34, 0, 0], .acknowledgement(Acknowledgement(type, id)),
        canonical: [first, 2, 0x12, 0x34]),
      ValidRow(
        "\(type), success with a reason string (#91)", .v5,
        frame(first, idBytes, [0], block([0x1f, 0, 2, 0x6f, 0x6b])),
        .acknowledgement(
          Acknowledgement(type, id, .success, Properties([Property(.reasonString, "ok")!])))),
    ]
  }

  static let malformed: [MalformedRow] = firsts.flatMap { type, first in
    ProtocolVersion.allCases.flatMap {
      [
        MalformedRow(
          "\(type), identifier zero [MQTT-2.2.1-3] (#80)", $0, [first, 2, 0, 0], .zeroPacketID, 0x82
        ),
        MalformedRow("\(type) without a body (#58)", $0, [first, 0], .truncated, 0x81),
        MalformedRow(
          "\(type) with half an identifier (#58)", $0, [first, 1, 0x12], .truncated, 0x81),
      ]
    } + [
      MalformedRow(
        "\(type) of three bytes (#92)", .v31, [first, 3, 0x12, 0x34, 0], .trailingBytes(1), 0x81),
      MalformedRow(
        "\(type) of three bytes (#92)", .v311, [first, 3, 0x12, 0x34, 0], .trailingBytes(1), 0x81),
      MalformedRow(
        "\(type), bytes behind the properties (#58)", .v5, [first, 6, 0x12, 0x34, 0, 0, 0, 0],
        .trailingBytes(2), 0x81),
      MalformedRow(
        "\(type), a property length past the end (#58)", .v5, [first, 4, 0x12, 0x34, 0, 1],
        .truncated, 0x81),
    ]
  }
}
