// What in a string of JSON means itself.

enum JSONText {
  /// Passes over bytes that mean themselves in a string (RFC 8259 §7): all but controls, the quote and the
  /// backslash.  Eight at once.
  static func endOfPlain(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var at = start
    while at + 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      let control = (word &- 0x2020_2020_2020_2020) & ~word
      let quote = zeros(word ^ 0x2222_2222_2222_2222)
      let backslash = zeros(word ^ 0x5c5c_5c5c_5c5c_5c5c)
      let found = (control | quote | backslash) & 0x8080_8080_8080_8080
      // What borrows flag by mistake lies above the first one, which is right.
      if found != 0 { return at + found.trailingZeroBitCount / 8 }
      at += 8
    }
    while at < bytes.count, !isSpecial(bytes[at]) { at += 1 }
    return at
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  /// The high bit of each byte that is zero, and perhaps of bytes above such a one.
  private static func zeros(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word
  }
}
