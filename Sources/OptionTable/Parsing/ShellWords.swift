/// Splits a text into words at blanks, with the quoting of a POSIX shell ('…', "…", $'…', a backslash)
/// and without its expansions.
///
/// Errors name no word, since it may be a secret.
package struct ShellWords {
  private var rest: ArraySlice<UInt8>

  init(_ text: ArraySlice<UInt8>) { rest = text }

  package static func split(_ text: ArraySlice<UInt8>) throws(OptionError) -> [Argument] {
    var scanner = ShellWords(text)
    var words: [Argument] = []
    while let word = try scanner.next() { words.append(word) }
    return words
  }

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  /// Quotes count in the text from its first byte on.
  static func isQuoted(_ text: ArraySlice<UInt8>) -> Bool {
    text.first == single || text.first == double || text.starts(with: dollar)
  }

  private mutating func next() throws(OptionError) -> Argument? {
    rest = rest.drop(while: Self.isBlank)
    if rest.isEmpty { return nil }
    var word: [UInt8] = []
    while let byte = rest.first, !Self.isBlank(byte) {
      if rest.starts(with: dollar) {
        rest = rest.dropFirst(2)
        try takeEscaped(into: &word)
        continue
      }
      rest = rest.dropFirst()
      switch byte {
      case single: word += try takeSingleQuoted()
      case double: try takeDoubleQuoted(into: &word)
      case backslash: word.append(try take("a backslash ends the line"))
      default: word.append(byte)
      }
    }
    return Argument(bytes: word)
  }

  private mutating func takeSingleQuoted() throws(OptionError) -> ArraySlice<UInt8> {
    guard let end = rest.firstIndex(of: single) else { throw Self.open("'") }
    defer { rest = rest[(end + 1)...] }
    return rest[..<end]
  }

  private mutating func takeDoubleQuoted(into word: inout [UInt8]) throws(OptionError) {
    while true {
      let byte = try take(Self.open("\"").text)
      if byte == double { return }
      if byte == backslash, let next = rest.first, escapable.contains(next) {
        word.append(next)
        rest = rest.dropFirst()
      } else {
        word.append(byte)
      }
    }
  }

  private mutating func takeEscaped(into word: inout [UInt8]) throws(OptionError) {
    while true {
      let byte = try take(Self.open("$'").text)
      if byte == single { return }
      word.append(byte == backslash ? try takeEscape() : byte)
    }
  }

  /// What stands behind a backslash in `$'…'`: a letter, `xHH`, or up to three octal digits.
  private mutating func takeEscape() throws(OptionError) -> UInt8 {
    let letter = try take(Self.open("$'").text)
    if let byte = escapes.first(where: { $0.letter == letter })?.byte { return byte }
    let isHex = letter == UInt8(ascii: "x")
    var digits = isHex ? [] : [letter]
    while digits.count < (isHex ? 2 : 3), let next = rest.first, Self.isDigit(next, isHex) {
      digits.append(next)
      rest = rest.dropFirst()
    }
    let text = String(decoding: digits, as: UTF8.self)
    guard let byte = UInt8(text, radix: isHex ? 16 : 8), byte > 0 else {
      throw OptionError("'\\\(Argument(bytes: [letter]).shown)' is no escape")
    }
    return byte
  }

  private static func isDigit(_ byte: UInt8, _ isHex: Bool) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "7"): true
    case UInt8(ascii: "8")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      isHex
    default: false
    }
  }

  private mutating func take(_ missing: @autoclosure () -> String) throws(OptionError) -> UInt8 {
    guard let byte = rest.popFirst() else { throw OptionError(missing()) }
    return byte
  }

  private static func open(_ quote: String) -> OptionError {
    OptionError("the quotation that \(quote) begins is not closed on its line")
  }
}

private let single = UInt8(ascii: "'")
private let double = UInt8(ascii: "\"")
private let backslash = UInt8(ascii: "\\")
private let dollar = Array("$'".utf8)
private let escapable = Array("$`\"\\".utf8)
private let escapes: [(letter: UInt8, byte: UInt8)] = [
  (UInt8(ascii: "n"), 0x0A), (UInt8(ascii: "r"), 0x0D), (UInt8(ascii: "t"), 0x09),
  (UInt8(ascii: "v"), 0x0B), (UInt8(ascii: "a"), 0x07), (UInt8(ascii: "b"), 0x08),
  (UInt8(ascii: "e"), 0x1B), (UInt8(ascii: "f"), 0x0C), (backslash, backslash), (single, single),
  (double, double),
]
