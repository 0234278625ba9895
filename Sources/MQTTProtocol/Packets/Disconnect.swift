/// The last packet of a connection.  MQTT 5 §3.14, MQTT 3.1.1 §3.14.
package struct Disconnect: Hashable, Sendable {
  package var reason: ReasonCode
  package var properties: Properties

  package init(_ reason: ReasonCode = .normalDisconnection, _ properties: Properties = .none) {
    self.reason = reason
    self.properties = properties
  }

  package init(from reader: inout ByteReader, _ version: ProtocolVersion) throws(MalformedPacket) {
    self.init()
    if version == .v5, !reader.isAtEnd {
      reason = ReasonCode(rawValue: try reader.u8())
      guard PacketType.disconnect.allows(reason) else {
        throw .unknownReasonCode(.disconnect, reason.rawValue)
      }
      if !reader.isAtEnd { properties = try Properties(from: &reader, .disconnect) }
    }
    try reader.expectEnd()
  }

  package func encode(into buffer: inout ByteBuffer, _ version: ProtocolVersion) {
    buffer.append(PacketType.disconnect.rawValue << 4)
    buffer.appendWithLength { buffer in
      guard version == .v5, reason != .normalDisconnection || !properties.isEmpty else { return }
      buffer.append(reason.rawValue)
      if !properties.isEmpty { properties.encode(into: &buffer) }
    }
  }
}
