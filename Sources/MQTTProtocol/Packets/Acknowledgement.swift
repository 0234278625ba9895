/// PUBACK, PUBREC, PUBREL or PUBCOMP: four packets of one shape.  MQTT 5 §3.4 to §3.7.
///
/// Body: packet identifier (2 bytes); in MQTT 5 a reason code (1 byte), which may be left out when
/// it is success, and properties, which may be left out when there are none.
package struct Acknowledgement: Hashable, Sendable {
  package var type: PacketType
  package var packetID: PacketID
  package var reason: ReasonCode
  package var properties: Properties

  package init(
    _ type: PacketType, _ packetID: PacketID, _ reason: ReasonCode = .success,
    _ properties: Properties = .none
  ) {
    self.type = type
    self.packetID = packetID
    self.reason = reason
    self.properties = properties
  }

  /// - Throws: `.truncated`, `.zeroPacketID`, `.trailingBytes`, `.unknownReasonCode`.
  package init(
    _ type: PacketType, from reader: inout ByteReader, _ version: ProtocolVersion
  ) throws(MalformedPacket) {
    self.init(type, try reader.packetID())
    if version == .v5, !reader.isAtEnd {
      reason = ReasonCode(rawValue: try reader.u8())
      guard type.allows(reason) else { throw .unknownReasonCode(type, reason.rawValue) }
      if !reader.isAtEnd { properties = try Properties(from: &reader, Self.context(type)) }
    }
    try reader.expectEnd()
  }

  package func encode(into buffer: inout ByteBuffer, _ version: ProtocolVersion) {
    buffer.append(type.rawValue << 4 | (type.requiredFlags ?? 0))
    buffer.appendWithLength { buffer in
      buffer.append(packetID.rawValue)
      guard version == .v5, reason != .success || !properties.isEmpty else { return }
      buffer.append(reason.rawValue)
      if !properties.isEmpty { properties.encode(into: &buffer) }
    }
  }

  private static func context(_ type: PacketType) -> PropertyContext {
    switch type {
    case .pubRec: .pubRec
    case .pubRel: .pubRel
    case .pubComp: .pubComp
    default: .pubAck
    }
  }
}
