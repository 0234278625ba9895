/// The broker's answer to CONNECT.  MQTT 5 §3.2, MQTT 3.1.1 §3.2.
package struct ConnAck: Hashable, Sendable {
  package var sessionPresent: Bool
  /// In MQTT 5 a reason code, below it a return code: 0 accepts, 1 to 5 refuse.
  package var code: UInt8
  package var properties: Properties

  package init(
    sessionPresent: Bool = false, code: UInt8 = 0, properties: Properties = .none
  ) {
    self.sessionPresent = sessionPresent
    self.code = code
    self.properties = properties
  }

  package var isAccepted: Bool { code == 0 }

  /// - Throws: `.reservedBits`, `.sessionPresentWithError` [MQTT-3.2.2-6], `.unknownReasonCode`.
  package init(from reader: inout ByteReader, _ version: ProtocolVersion) throws(MalformedPacket) {
    let flags = try reader.u8()
    // MQTT 3.1 reserves the whole byte and gives it no value.
    if flags & 0xfe != 0, version != .v31 { throw .reservedBits(.connAck, flags) }
    sessionPresent = flags & 1 != 0 && version != .v31
    code = try reader.u8()
    // A server that knows MQTT 3.1.1 only refuses MQTT 5 in its own form and words (MQTT 3.1.1 §3.2.2.3).
    if version == .v5, code == 1, !sessionPresent, reader.isAtEnd {
      code = ReasonCode.unsupportedProtocolVersion.rawValue
      properties = .none
      return
    }
    let known =
      version == .v5 ? PacketType.connAck.allows(ReasonCode(rawValue: code)) : code <= 5
    guard known else { throw .unknownReasonCode(.connAck, code) }
    if sessionPresent, code != 0 { throw .sessionPresentWithError }
    properties = version == .v5 ? try Properties(from: &reader, .connAck) : .none
    try reader.expectEnd()
  }

  package func encode(into buffer: inout ByteBuffer, _ version: ProtocolVersion) {
    buffer.append(PacketType.connAck.rawValue << 4)
    buffer.appendWithLength { buffer in
      buffer.append(sessionPresent ? 1 : 0 as UInt8)
      buffer.append(code)
      if version == .v5 { properties.encode(into: &buffer) }
    }
  }

  /// The code in words, for either version.
  package static func text(code: UInt8, _ version: ProtocolVersion) -> String {
    if version == .v5 { return ReasonCode(rawValue: code).description }
    return switch code {
    case 0: "Connection Accepted"
    case 1: "unacceptable protocol version"
    case 2: "identifier rejected"
    case 3: "server unavailable"
    case 4: "bad user name or password"
    case 5: "not authorised"
    default: "unknown return code"
    }
  }
}
