// Reads the fields of one packet.  Every length is checked before it is believed.

/// A position in the bytes of one control packet.  The bytes belong to the caller and must outlive it.
package struct ByteReader {
  package let bytes: UnsafeRawBufferPointer
  package private(set) var position: Int
  package private(set) var end: Int

  package init(_ bytes: UnsafeRawBufferPointer) {
    self.init(bytes, 0..<bytes.count)
  }

  /// - Parameter range: the part to read, clamped to the bytes there are.
  package init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    self.bytes = bytes
    end = min(max(range.upperBound, 0), bytes.count)
    position = min(max(range.lowerBound, 0), end)
  }

  package var isAtEnd: Bool { position == end }
  package var remaining: Int { end - position }
  package var rest: Range<Int> { position..<end }

  /// - Throws: `.truncated` at the end.
  package mutating func u8() throws(MalformedPacket) -> UInt8 {
    guard position < end else { throw .truncated }
    defer { position += 1 }
    return bytes[position]
  }

  /// Two bytes, the higher one first.
  package mutating func u16() throws(MalformedPacket) -> UInt16 {
    guard remaining >= 2 else { throw .truncated }
    defer { position += 2 }
    return UInt16(bytes[position]) << 8 | UInt16(bytes[position + 1])
  }

  /// Four bytes, the highest one first.
  package mutating func u32() throws(MalformedPacket) -> UInt32 {
    let high = try u16()
    return UInt32(high) << 16 | UInt32(try u16())
  }

  /// 1 to 4 bytes in the shortest form.
  ///
  /// - Throws: `.truncated`, `.lengthTooLong` beyond four bytes, `.lengthNotMinimal` [MQTT-1.5.5-1].
  package mutating func variable() throws(MalformedPacket) -> Int {
    var value = 0
    for place in 0..<4 {
      let byte = try u8()
      value |= Int(byte & 0x7f) << (7 * place)
      if byte & 0x80 == 0 {
        if byte == 0, place > 0 { throw .lengthNotMinimal }
        return value
      }
    }
    throw .lengthTooLong
  }

  /// - Throws: `.truncated`, `.zeroPacketID`.
  package mutating func packetID() throws(MalformedPacket) -> PacketID {
    guard let id = PacketID(rawValue: try u16()) else { throw .zeroPacketID }
    return id
  }

  /// Where a field with a two-byte length lies; the position moves behind it.
  package mutating func fieldRange() throws(MalformedPacket) -> Range<Int> {
    let length = Int(try u16())
    guard length <= remaining else { throw .truncated }
    defer { position += length }
    return position..<(position + length)
  }

  /// Where a UTF-8 Encoded String lies, after its bytes were checked (MQTT 5 §1.5.4).
  package mutating func stringRange() throws(MalformedPacket) -> Range<Int> {
    let range = try fieldRange()
    if let fault = UTF8String.fault(in: slice(range)) { throw .string(fault) }
    return range
  }

  package mutating func string() throws(MalformedPacket) -> UTF8String {
    UTF8String(checked: [UInt8](slice(try stringRange())))
  }

  package mutating func binary() throws(MalformedPacket) -> [UInt8] {
    [UInt8](slice(try fieldRange()))
  }

  package func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[range])
  }

  /// A reader of the next `length` bytes alone; the position moves behind them.
  package mutating func part(_ length: Int) throws(MalformedPacket) -> ByteReader {
    guard length <= remaining else { throw .truncated }
    defer { position += length }
    return ByteReader(bytes, position..<(position + length))
  }

  /// - Throws: `.trailingBytes` when the packet is longer than its fields.
  package func expectEnd() throws(MalformedPacket) {
    if !isAtEnd { throw .trailingBytes(remaining) }
  }
}
