// From text to words: quotes, escapes and variables.

import OptionTable

extension StatementReader {
  mutating func takeWord() throws(SyntaxFault) -> Word {
    var word = Word()
    while let byte = peek, !endsWord(byte) {
      switch byte {
      case Self.single: try takeSingleQuoted(into: &word)
      case Self.double: try takeDoubleQuoted(into: &word)
      case Self.dollar where next(1) == Self.single: try takeEscaped(into: &word)
      case Self.dollar: takeVariable(into: &word)
      case Self.backslash:
        word.isPlain = false
        if try passEscapedNewline() { continue }
        let mark = here
        advance()
        guard let next = peek else {
          throw mark.fault("a backslash ends the text", missing: Self.newline)
        }
        advance()
        word.append(next)
      default:
        advance()
        word.append(byte)
      }
    }
    return word
  }

  private func endsWord(_ byte: UInt8) -> Bool {
    Self.isBlank(byte) || byte == Self.newline || byte == Self.semicolon
      || byte == UInt8(ascii: "|")
  }

  private mutating func takeSingleQuoted(into word: inout Word) throws(SyntaxFault) {
    let mark = here
    advance()
    word.beginQuotation()
    while let byte = peek {
      advance()
      if byte == Self.single { return }
      word.append(byte)
    }
    throw mark.unclosed("'")
  }

  private mutating func takeDoubleQuoted(into word: inout Word) throws(SyntaxFault) {
    let mark = here
    advance()
    word.beginQuotation()
    while let byte = peek {
      if byte == Self.dollar {
        takeVariable(into: &word)
        continue
      }
      advance()
      if byte == Self.double { return }
      if byte == Self.backslash, let next = peek, Self.escapable.contains(next) {
        advance()
        if next != Self.newline { word.append(next) }
      } else {
        word.append(byte)
      }
    }
    throw mark.unclosed("\"")
  }

  /// `$'…'` with the escapes of files of options.
  private mutating func takeEscaped(into word: inout Word) throws(SyntaxFault) {
    let mark = here
    advance()
    advance()
    word.beginQuotation()
    var end = at
    while end < text.count, text[end] != Self.single { end += text[end] == Self.backslash ? 2 : 1 }
    guard end < text.count else { throw mark.unclosed("$'") }
    do throws(OptionError) {
      let quotation = Array("$'".utf8) + text[at..<end] + [Self.single]
      for byte in try ShellWords.split(quotation[...]).first?.bytes ?? [] { word.append(byte) }
    } catch {
      throw mark.fault(error.text)
    }
    while at <= end { advance() }
  }

  /// `$name` or `${name}`; any other dollar sign is itself.
  private mutating func takeVariable(into word: inout Word) {
    let isBraced = next(1) == UInt8(ascii: "{")
    var end = at + (isBraced ? 2 : 1)
    let start = end
    while end < text.count, isName(text[end], isFirst: end == start) { end += 1 }
    guard end > start, !isBraced || end < text.count && text[end] == UInt8(ascii: "}") else {
      advance()
      word.append(Self.dollar)
      return
    }
    word.parts.append(.variable(Array(text[start..<end])))
    at = isBraced ? end + 1 : end
  }
}

extension Word {
  /// An empty quotation is a word too.
  fileprivate mutating func beginQuotation() {
    isPlain = false
    if parts.isEmpty { parts.append(.text([])) }
  }
}

/// Letters, digits and `_`, no digit in front.
func isVariableName(_ name: [UInt8]) -> Bool {
  !name.isEmpty && name.indices.allSatisfy { isName(name[$0], isFirst: $0 == 0) }
}

private func isName(_ byte: UInt8, isFirst: Bool) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "_"):
    true
  case UInt8(ascii: "0")...UInt8(ascii: "9"): !isFirst
  default: false
  }
}
