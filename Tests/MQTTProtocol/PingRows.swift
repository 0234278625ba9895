import MQTTProtocol

/// PINGREQ and PINGRESP, MQTT 5 §3.12 and §3.13: a header and nothing else.
enum PingRows {
  static let valid: [ValidRow] = ProtocolVersion.allCases.flatMap { version in
    [
      ValidRow("PINGREQ", version, [0xc0, 0x00], .pingReq),
      ValidRow("PINGRESP", version, [0xd0, 0x00], .pingResp),
    ]
  }

  static let malformed: [MalformedRow] = ProtocolVersion.allCases.flatMap { version in
    [
      MalformedRow(
        "PINGREQ with a body (#58)", version, [0xc0, 0x01, 0x00], .trailingBytes(1), 0x81),
      MalformedRow(
        "PINGRESP with a body (#58)", version, [0xd0, 0x02, 0x00, 0x00], .trailingBytes(2), 0x81),
    ]
  }
}
