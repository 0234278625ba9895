// MQTT's strings.  They are compared byte for byte, which Swift's String does not do.

/// A UTF-8 Encoded String: at most 65,535 bytes of well-formed UTF-8 without U+0000.
/// MQTT 5 §1.5.4, MQTT 3.1.1 §1.5.3.  Equal when the bytes are: MQTT knows no normalisation.
package struct UTF8String: Hashable, Sendable, CustomStringConvertible {
  package let bytes: [UInt8]

  package static let maximumLength = 65_535

  /// What keeps bytes from being an MQTT string.
  package enum Fault: Error, Hashable, Sendable {
    case illFormed
    case nullCharacter
    case tooLong(Int)
  }

  package init(_ bytes: [UInt8]) throws(Fault) {
    if bytes.count > Self.maximumLength { throw .tooLong(bytes.count) }
    if let fault = bytes.withUnsafeBytes({ Self.fault(in: $0) }) { throw fault }
    self.bytes = bytes
  }

  package init(_ text: String) throws(Fault) {
    try self.init([UInt8](text.utf8))
  }

  init(checked bytes: [UInt8]) {
    self.bytes = bytes
  }

  package static var empty: UTF8String { UTF8String(checked: []) }

  package var isEmpty: Bool { bytes.isEmpty }
  package var description: String { String(decoding: bytes, as: UTF8.self) }

  /// True when a C0 or C1 control character, DEL or a non-character is in it; such strings may be
  /// received but should not be sent (MQTT 5 §1.5.4).
  package var hasControlCharacter: Bool {
    description.unicodeScalars.contains { scalar in
      switch scalar.value {
      case 0...0x1f, 0x7f...0x9f, 0xfdd0...0xfdef: true
      default: scalar.value & 0xfffe == 0xfffe
      }
    }
  }

  /// True when `bytes` are UTF-8, U+0000 included.
  package static func isWellFormed(_ bytes: UnsafeRawBufferPointer) -> Bool {
    fault(in: bytes, allowingNull: true) == nil
  }

  /// Returns what is wrong with `bytes`, or nil.  Lengths are not looked at.
  package static func fault(
    in bytes: UnsafeRawBufferPointer, allowingNull: Bool = false
  ) -> Fault? {
    var at = 0
    let end = bytes.count
    while at < end {
      // Eight ASCII bytes at once: no high bit, and no zero byte.
      while at + 8 <= end {
        let word = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        let zero = (word &- 0x0101_0101_0101_0101) & ~word
        if (word | zero) & 0x8080_8080_8080_8080 != 0 { break }
        at += 8
      }
      guard at < end else { break }
      let lead = bytes[at]
      if lead < 0x80 {
        if lead == 0, !allowingNull { return .nullCharacter }
        at += 1
        continue
      }
      guard let scalar = UTF8Scalar(in: bytes, at: at) else { return .illFormed }
      at += scalar.length
    }
    return nil
  }
}

extension UTF8String: ExpressibleByStringLiteral {
  /// For text in the program itself; a U+0000 or an over-long literal becomes an empty string.
  package init(stringLiteral text: String) {
    self = (try? UTF8String(text)) ?? .empty
  }
}

extension ByteBuffer {
  /// Appends a two-byte length and the bytes.
  package mutating func append(_ string: UTF8String) {
    append(field: string.bytes)
  }

  /// - Precondition: at most 65,535 bytes; the types that hold fields check that when they are made.
  package mutating func append(field bytes: [UInt8]) {
    append(UInt16(truncatingIfNeeded: bytes.count))
    append(bytes)
  }
}
