// Text from outside, made harmless for a terminal and for one line.

import MQTTProtocol

/// Shows bytes as text in which nothing is a control character.
package enum SafeText {
  /// UTF-8 text as a string of JSON, with its quotes.
  package static func json(_ text: [UInt8]) -> String {
    var buffer = ByteBuffer()
    text.withUnsafeBytes { JSONWriter.quote($0, &buffer) }
    return String(decoding: buffer.bytes, as: UTF8.self)
  }

  /// Returns the bytes as UTF-8 with C0 and C1 control characters, DEL, separators that break lines,
  /// and characters that turn the writing direction as `\x…` or `\u{…}`; bytes that are not UTF-8 as
  /// U+FFFD.
  package static func escaped(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    var decoder = UTF8()
    var input = bytes.makeIterator()
    while true {
      switch decoder.decode(&input) {
      case .scalarValue(let scalar): append(scalar, to: &text)
      case .emptyInput: return text
      case .error: text.unicodeScalars.append("\u{fffd}")
      }
    }
  }

  private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar.value {
    case 0x0a: text += "\\n"
    case 0x0d: text += "\\r"
    case 0x09: text += "\\t"
    case 0...0x1f, 0x7f: text += "\\x" + hex(scalar.value, digits: 2)
    case let value where acts(value): text += "\\u{" + hex(value, digits: 2) + "}"
    default: text.unicodeScalars.append(scalar)
    }
  }

  /// True for a character that does something instead of being shown: control characters, separators
  /// that break lines, annotations, marks of the writing direction and of the byte order.
  static func acts(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0...0x1f, 0x7f...0x9f, 0x61c, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069,
      0xfeff, 0xfff9...0xfffb:
      true
    default: false
    }
  }

  /// - Parameter digits: at least so many, with zeros in front.
  static func hex(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
