// zlib's format without compression.

/// A zlib stream (RFC 1950) of stored blocks (RFC 1951 §3.2.4): every reader takes it, and writing it needs
/// no library.
enum StoredDeflate {
  private static let largestBlock = 0xffff

  static func stream(_ content: UnsafeRawBufferPointer) -> [UInt8] {
    // Deflate with a window of 32 KiB, the lowest level; a multiple of 31.
    var stream: [UInt8] = [0x78, 0x01]
    stream.reserveCapacity(content.count + content.count / largestBlock * 5 + 11)
    var at = 0
    repeat {
      let count = min(content.count - at, largestBlock)
      stream.append(at + count == content.count ? 1 : 0)
      stream.append(lowFirst: UInt16(count))
      stream.append(lowFirst: ~UInt16(count))
      stream.append(contentsOf: content[at..<(at + count)])
      at += count
    } while at < content.count
    let sum = adler32(content)
    for shift: UInt32 in [24, 16, 8, 0] { stream.append(UInt8(truncatingIfNeeded: sum >> shift)) }
    return stream
  }

  /// - Returns: nil for blocks that are compressed, and for damage.
  static func content(_ stream: ArraySlice<UInt8>) -> [UInt8]? {
    var rest = stream
    guard rest.count >= 6, rest.popFirst() == 0x78, rest.popFirst() == 0x01 else { return nil }
    var content: [UInt8] = []
    var isLast = false
    while !isLast {
      guard let kind = rest.popFirst(), kind <= 1, let count = lowFirst(&rest),
        let inverse = lowFirst(&rest), inverse == ~count, rest.count >= Int(count)
      else { return nil }
      content += rest.prefix(Int(count))
      rest = rest.dropFirst(Int(count))
      isLast = kind == 1
    }
    guard rest.count == 4 else { return nil }
    let sum = rest.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return content.withUnsafeBytes { adler32($0) } == sum ? content : nil
  }

  private static func lowFirst(_ rest: inout ArraySlice<UInt8>) -> UInt16? {
    guard let low = rest.popFirst(), let high = rest.popFirst() else { return nil }
    return UInt16(high) << 8 | UInt16(low)
  }

  /// RFC 1950 §8.2.
  static func adler32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var low: UInt32 = 1
    var high: UInt32 = 0
    for byte in bytes {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    return high << 16 | low
  }
}

extension [UInt8] {
  fileprivate mutating func append(lowFirst number: UInt16) {
    append(UInt8(truncatingIfNeeded: number))
    append(UInt8(truncatingIfNeeded: number >> 8))
  }
}
