// Finds whole control packets in a stream of bytes.

/// The first bytes of every control packet.  MQTT 5 §2.1, MQTT 3.1.1 §2.2.
package struct FixedHeader: Hashable, Sendable {
  package var type: PacketType
  /// The low four bits of the first byte.
  package var flags: UInt8
  /// Bytes of the packet after this header.
  package var remainingLength: Int
  /// Bytes of this header, 2 to 5.
  package var size: Int

  package var packetSize: Int { size + remainingLength }

  /// Returns the header at `position`, or nil while its bytes have not all arrived.
  ///
  /// - Parameter limit: the largest packet that is accepted, header included (MQTT 5 §3.1.2.11.4).
  /// - Throws: `.unknownPacketType`, `.reservedFlags`, `.lengthTooLong`, `.lengthNotMinimal` (MQTT 5
  ///   only), `.packetTooLarge`: each told from the header alone.
  package init?(
    in bytes: UnsafeRawBufferPointer, at position: Int, limit: Int, _ version: ProtocolVersion
  ) throws(MalformedPacket) {
    let available = bytes.count - position
    guard available > 0 else { return nil }
    let first = bytes[position]
    guard let type = PacketType(rawValue: first >> 4), type != .auth || version == .v5 else {
      throw .unknownPacketType(first >> 4)
    }
    self.type = type
    flags = first & 0x0f
    if let required = type.requiredFlags, flags != required {
      // MQTT 3.1 lets a repeated PUBREL, SUBSCRIBE or UNSUBSCRIBE carry the DUP flag (§2.1).
      guard version == .v31, flags == required | 8, required == 2 else {
        throw .reservedFlags(type, flags)
      }
    }
    guard available > 1 else { return nil }
    let second = bytes[position + 1]
    if second < 0x80 {
      remainingLength = Int(second)
      size = 2
    } else {
      var value = Int(second & 0x7f)
      var place = 1
      while true {
        if place == 4 { throw .lengthTooLong }
        guard available > 1 + place else { return nil }
        let byte = bytes[position + 1 + place]
        value |= Int(byte & 0x7f) << (7 * place)
        place += 1
        if byte & 0x80 == 0 {
          if byte == 0, version == .v5 { throw .lengthNotMinimal }
          break
        }
      }
      remainingLength = value
      size = 1 + place
    }
    if packetSize > limit { throw .packetTooLarge(size: packetSize, limit: limit) }
  }
}
