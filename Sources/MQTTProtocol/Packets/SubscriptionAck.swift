/// SUBACK or UNSUBACK: one code for each filter, in their order.  MQTT 5 §3.9, §3.11.
/// UNSUBACK has no codes below MQTT 5.
package struct SubscriptionAck: Hashable, Sendable {
  package var type: PacketType
  package var packetID: PacketID
  package var codes: [ReasonCode]
  package var properties: Properties

  package init(
    _ type: PacketType, _ packetID: PacketID, _ codes: [ReasonCode],
    _ properties: Properties = .none
  ) {
    self.type = type
    self.packetID = packetID
    self.codes = codes
    self.properties = properties
  }

  /// - Throws: `.noReasonCodes`, `.unknownReasonCode`.
  package init(
    _ type: PacketType, from reader: inout ByteReader, _ version: ProtocolVersion
  ) throws(MalformedPacket) {
    self.init(type, try reader.packetID(), [])
    if version == .v5 {
      properties = try Properties(from: &reader, type == .subAck ? .subAck : .unsubAck)
    }
    if type == .unsubAck, version != .v5 {
      try reader.expectEnd()
      return
    }
    if reader.isAtEnd { throw .noReasonCodes }
    while !reader.isAtEnd {
      let code = ReasonCode(rawValue: try reader.u8())
      // Below MQTT 5 only 0x80 stands for failure, but ejabberd sends MQTT 5's codes there too.
      guard type.allows(code) else { throw .unknownReasonCode(type, code.rawValue) }
      codes.append(code)
    }
  }

  package func encode(into buffer: inout ByteBuffer, _ version: ProtocolVersion) {
    buffer.append(type.rawValue << 4)
    buffer.appendWithLength { buffer in
      buffer.append(packetID.rawValue)
      if version == .v5 { properties.encode(into: &buffer) }
      if type == .subAck || version == .v5 {
        for code in codes { buffer.append(code.rawValue) }
      }
    }
  }
}
