import CLinux

/// CRC-32C (Castagnoli) as RFC 3720 §12.1 has it, over bytes that come in pieces.
package struct Checksum: Sendable {
  private var state: UInt32 = .max

  package init() {}

  package var value: UInt32 { ~state }

  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    var at = 0
    if Self.isInHardware {
      let words = bytes.count / 8
      state = apus_crc32c(state, base.assumingMemoryBound(to: UInt64.self), words)
      at = 8 * words
    }
    while at < bytes.count {
      state = state >> 8 ^ Self.table[Int((state ^ UInt32(bytes[at])) & 0xff)]
      at += 1
    }
  }

  private static let isInHardware = apus_has_crc32c() != 0

  private static let table: [UInt32] = (0..<256).map { (byte: UInt32) -> UInt32 in
    (0..<8).reduce(byte) { (rest: UInt32, _) -> UInt32 in
      rest & 1 == 1 ? rest >> 1 ^ 0x82f6_3b78 : rest >> 1
    }
  }
}
