import MQTTProtocol

extension ByteBuffer {
  /// Appends the bytes in base64 with padding (RFC 4648 §4).
  package mutating func append(base64 bytes: UnsafeRawBufferPointer) {
    reserve((bytes.count + 2) / 3 * 4)
    let digits: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    var place = 0
    while place < bytes.count {
      let left = bytes.count - place
      var group = UInt32(bytes[place]) << 16
      if left > 1 { group |= UInt32(bytes[place + 1]) << 8 }
      if left > 2 { group |= UInt32(bytes[place + 2]) }
      for digit in 0..<4 {
        let isThere = digit <= left
        let value = Int(group >> UInt32(18 - 6 * digit) & 63)
        append(isThere ? digits.utf8Start[value] : UInt8(ascii: "="))
      }
      place += 3
    }
  }
}

extension ByteBuffer {
  /// Appends what base64 text stands for; its padding may be left out.
  ///
  /// - Returns: false when it is not base64; what was appended then is of no use.
  package mutating func append(decoding base64: UnsafeRawBufferPointer) -> Bool {
    var digits = base64.count
    while digits > 0, base64.count - digits < 2, base64[digits - 1] == UInt8(ascii: "=") {
      digits -= 1
    }
    if digits < base64.count, base64.count % 4 != 0 { return false }
    if digits % 4 == 1 { return false }
    reserve(digits / 4 * 3 + 2)
    var group: UInt32 = 0
    for place in 0..<digits {
      guard let digit = Self.base64Digit(base64[place]) else { return false }
      group = group << 6 | digit
      guard place % 4 == 3 else { continue }
      append(UInt8(truncatingIfNeeded: group >> 16))
      append(UInt8(truncatingIfNeeded: group >> 8))
      append(UInt8(truncatingIfNeeded: group))
      group = 0
    }
    switch digits % 4 {
    case 2: append(UInt8(truncatingIfNeeded: group >> 4))
    case 3:
      append(UInt8(truncatingIfNeeded: group >> 10))
      append(UInt8(truncatingIfNeeded: group >> 2))
    default: break
    }
    return true
  }

  private static func base64Digit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
