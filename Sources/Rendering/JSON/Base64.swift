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
