/// One word of the command line: bytes, since nothing promises that they are UTF-8.
package struct Argument: Hashable, Sendable, ExpressibleByStringLiteral {
  package var bytes: [UInt8]

  package init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  package init(stringLiteral text: String) {
    bytes = Array(text.utf8)
  }

  /// The word as text, or nil when it is not UTF-8.
  package var text: String? {
    // What checks takes long to start with.
    if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
    return String(validating: bytes, as: UTF8.self)
  }

  /// The word fit for a message: control characters, marks that turn the direction of text, and
  /// bytes that are not UTF-8 are shown as `\xNN`.
  package var shown: String {
    if bytes.allSatisfy({ (0x20..<0x7F).contains($0) }) {
      return String(decoding: bytes, as: UTF8.self)
    }
    var shown = ""
    var position = 0
    var iterator = bytes.makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    while position < bytes.count {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let encoded):
        let scalar = Unicode.UTF8.decode(encoded)
        if Self.isSafe(scalar) {
          shown.unicodeScalars.append(scalar)
        } else {
          for byte in encoded { shown += Self.escape(byte) }
        }
        position += encoded.count
      case .error(let length):
        let end = min(position + max(length, 1), bytes.count)
        for byte in bytes[position..<end] { shown += Self.escape(byte) }
        position = end
      case .emptyInput:
        position = bytes.count
      }
    }
    return shown
  }

  private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: false
    default: true
    }
  }

  private static func escape(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.utf8.count == 1 ? "\\x0\(digits)" : "\\x\(digits)"
  }
}
