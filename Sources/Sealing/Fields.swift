// Numbers and bytes as they stand in envelopes and files.

func bigEndian(_ number: UInt64) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
}

/// Bytes with their length in two bytes before them.  Callers keep to 65,535 bytes, as MQTT does.
func field(_ bytes: some Collection<UInt8>) -> [UInt8] {
  [UInt8(truncatingIfNeeded: bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count)] + bytes
}

/// Reads fields from bytes that nobody vouches for.
struct FieldReader {
  private let bytes: UnsafeRawBufferPointer
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var remaining: Int { bytes.count - position }

  mutating func take(_ count: Int) throws(SealingFault) -> [UInt8] {
    guard count <= remaining else { throw .truncated }
    defer { position += count }
    return [UInt8](bytes[position..<(position + count)])
  }

  mutating func u8() throws(SealingFault) -> Int { Int(try take(1)[0]) }

  mutating func u16() throws(SealingFault) -> Int {
    let high = try u8()
    return high << 8 | (try u8())
  }

  mutating func u64() throws(SealingFault) -> UInt64 {
    try take(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  mutating func keyID() throws(SealingFault) -> KeyID { KeyID(bytes: try take(KeyID.length)) }
}
