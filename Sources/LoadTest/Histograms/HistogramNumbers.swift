import MQTTProtocol

// The numbers of HdrHistogram's encoding.

extension ByteBuffer {
  /// Appends eight bytes, the highest one first.
  mutating func append(wide number: UInt64) {
    append(UInt32(truncatingIfNeeded: number >> 32))
    append(UInt32(truncatingIfNeeded: number))
  }

  /// Appends a signed number in ZigZag and LEB128, whose ninth byte holds eight bits.
  mutating func append(signed number: Int64) {
    var rest = UInt64(bitPattern: number << 1 ^ number >> 63)
    for _ in 0..<8 {
      if rest < 0x80 { return append(UInt8(rest)) }
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }
}

/// Reads what those wrote; nil where the bytes are at their end.
struct NumberReader {
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func u32() -> UInt32? {
    guard rest.count >= 4 else { return nil }
    defer { rest = rest.dropFirst(4) }
    return rest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
  }

  mutating func u64() -> UInt64? {
    guard let high = u32(), let low = u32() else { return nil }
    return UInt64(high) << 32 | UInt64(low)
  }

  mutating func signed() -> Int64? {
    var number: UInt64 = 0
    for place: UInt64 in 0..<9 {
      guard let byte = rest.popFirst() else { return nil }
      let bits = place < 8 ? UInt64(byte & 0x7f) : UInt64(byte)
      number |= bits << (7 * place)
      if byte < 0x80 { break }
    }
    return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
  }
}
