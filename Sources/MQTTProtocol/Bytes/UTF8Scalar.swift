/// One character of UTF-8 (RFC 3629 §3).
package struct UTF8Scalar {
  package let value: UInt32
  /// Bytes, 1 to 4.
  package let length: Int

  /// - Returns: nil where no well-formed character begins.
  package init?(in bytes: UnsafeRawBufferPointer, at place: Int) {
    let lead = bytes[place]
    // The second byte's range keeps out overlong forms, surrogates and numbers above U+10FFFF.
    let second: ClosedRange<UInt8>
    switch lead {
    case ..<0x80:
      value = UInt32(lead)
      length = 1
      return
    case 0xc2...0xdf: (length, second) = (2, 0x80...0xbf)
    case 0xe0: (length, second) = (3, 0xa0...0xbf)
    case 0xed: (length, second) = (3, 0x80...0x9f)
    case 0xe1...0xef: (length, second) = (3, 0x80...0xbf)
    case 0xf0: (length, second) = (4, 0x90...0xbf)
    case 0xf1...0xf3: (length, second) = (4, 0x80...0xbf)
    case 0xf4: (length, second) = (4, 0x80...0x8f)
    default: return nil
    }
    guard place + length <= bytes.count, second.contains(bytes[place + 1]) else { return nil }
    var value = UInt32(lead) & (0x7f >> UInt32(length))
    for offset in 1..<length {
      let byte = bytes[place + offset]
      guard byte & 0xc0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3f)
    }
    self.value = value
  }
}
