/// One step of enhanced authentication.  MQTT 5 §3.15, §4.12.
package struct Auth: Hashable, Sendable {
  package var reason: ReasonCode
  package var properties: Properties

  package init(_ reason: ReasonCode, _ properties: Properties = .none) {
    self.reason = reason
    self.properties = properties
  }

  /// - Throws: `.unknownReasonCode`, `.missingProperty` without an Authentication Method (§3.15.2.2.2).
  package init(from reader: inout ByteReader) throws(MalformedPacket) {
    self.init(.success)
    if reader.isAtEnd { return }
    reason = ReasonCode(rawValue: try reader.u8())
    guard PacketType.auth.allows(reason) else {
      throw .unknownReasonCode(.auth, reason.rawValue)
    }
    properties = try Properties(from: &reader, .auth)
    guard properties.contains(.authenticationMethod) else {
      throw .missingProperty(.authenticationMethod, .auth)
    }
    try reader.expectEnd()
  }

  package func encode(into buffer: inout ByteBuffer) {
    buffer.append(PacketType.auth.rawValue << 4)
    buffer.appendWithLength { buffer in
      if reason == .success, properties.isEmpty { return }
      buffer.append(reason.rawValue)
      properties.encode(into: &buffer)
    }
  }
}
