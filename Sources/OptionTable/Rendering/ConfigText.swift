// Options as lines of a file, which `OptionFile` reads back.

extension Argument {
  /// The word as a shell and a file of options read it back.
  package var quoted: String {
    guard let text, text == shown else { return escaped }
    let isPlain = !bytes.isEmpty && bytes.allSatisfy(Self.isPlain)
    return isPlain ? text : text.singleQuoted
  }

  /// The rest of a line when it is the only value.
  var asRestOfLine: String {
    guard let text, text == shown, let first = bytes.first, let last = bytes.last,
      !ShellWords.isBlank(first), !ShellWords.isBlank(last), !ShellWords.isQuoted(bytes[...])
    else { return quoted }
    return text
  }

  /// In `$'…'`, every byte that is not plain ASCII by its number.
  private var escaped: String {
    let digits = Array("0123456789abcdef")
    let inside = bytes.map { byte in
      switch byte {
      case UInt8(ascii: "\n"): "\\n"
      case UInt8(ascii: "'"), UInt8(ascii: "\\"): "\\\(Character(UnicodeScalar(byte)))"
      case 0x20..<0x7F: String(UnicodeScalar(byte))
      default: "\\x\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }
    return "$'\(inside.joined())'"
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
      true
    default: "_@%+=:,./-".utf8.contains(byte)
    }
  }
}
