// From text to commands: quotes, variables, `;`, `|`, `>`, `!` and comments.

import OptionTable

/// Splits a text into commands, from left to right.
struct StatementReader {
  private let text: [UInt8]
  private var at = 0
  private var line: Int
  private var lineStart = 0

  /// - Parameter line: the number of the text's first line.
  init(_ text: [UInt8], line: Int = 1) {
    self.text = text
    self.line = line
    // Of a file that another system's editor wrote.
    if text.starts(with: [0xef, 0xbb, 0xbf]) { at = 3 }
  }

  static func statements(
    in text: [UInt8], line: Int = 1
  ) throws(SyntaxFault) -> [Statement] {
    var reader = StatementReader(text, line: line)
    var statements: [Statement] = []
    while let statement = try reader.next() { statements.append(statement) }
    return statements
  }

  /// The next command; nil at the end.
  mutating func next() throws(SyntaxFault) -> Statement? {
    try passSeparators()
    guard let first = peek else { return nil }
    var statement = Statement(line: line)
    if first == UInt8(ascii: "!") {
      advance()
      statement.command = takeRestOfLine()
      if statement.command?.isEmpty == true { throw fault("a command is needed behind '!'") }
      return statement
    }
    while try readPart(of: &statement) {}
    return statement
  }

  /// Reads a word, or what stands in its place.
  ///
  /// - Returns: false at the end of the command.
  private mutating func readPart(of statement: inout Statement) throws(SyntaxFault) -> Bool {
    try passBlanks()
    guard let byte = peek else { return false }
    switch byte {
    case newline, semicolon: return false
    case UInt8(ascii: "#"):
      passComment()
      statement.endsInComment = true
      return false
    case UInt8(ascii: "|"):
      try checkOutlet(of: statement)
      advance()
      statement.outlet = .command(try takeCommand())
      return false
    case UInt8(ascii: ">"):
      try checkOutlet(of: statement)
      advance()
      let appends = peek == byte
      if appends { advance() }
      try passBlanks()
      let word = try takeWord()
      if word.parts.isEmpty { throw fault("a file's name is needed behind '>'") }
      statement.outlet = .file(word, appends: appends)
    default: statement.words.append(try takeWord())
    }
    return true
  }

  private func checkOutlet(of statement: Statement) throws(SyntaxFault) {
    if statement.words.isEmpty { throw fault("a command is needed before '>' and '|'") }
    if statement.outlet != nil { throw fault("only one of '>' and '|' can stand behind a command") }
  }

  // MARK: Words

  private mutating func takeWord() throws(SyntaxFault) -> Word {
    var word = Word()
    while let byte = peek, !endsWord(byte) {
      switch byte {
      case single: try takeSingleQuoted(into: &word)
      case double: try takeDoubleQuoted(into: &word)
      case dollar where next(1) == single: try takeEscaped(into: &word)
      case dollar: takeVariable(into: &word)
      case backslash:
        word.isPlain = false
        if try passEscapedNewline() { continue }
        let mark = here
        advance()
        guard let next = peek else {
          throw mark.fault("a backslash ends the text", missing: newline)
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
    isBlank(byte) || byte == newline || byte == semicolon || byte == UInt8(ascii: "|")
  }

  private mutating func takeSingleQuoted(into word: inout Word) throws(SyntaxFault) {
    let mark = here
    advance()
    word.beginQuotation()
    while let byte = peek {
      advance()
      if byte == single { return }
      word.append(byte)
    }
    throw mark.unclosed("'")
  }

  private mutating func takeDoubleQuoted(into word: inout Word) throws(SyntaxFault) {
    let mark = here
    advance()
    word.beginQuotation()
    while let byte = peek {
      if byte == dollar {
        takeVariable(into: &word)
        continue
      }
      advance()
      if byte == double { return }
      if byte == backslash, let next = peek, escapable.contains(next) {
        advance()
        if next != newline { word.append(next) }
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
    while end < text.count, text[end] != single { end += text[end] == backslash ? 2 : 1 }
    guard end < text.count else { throw mark.unclosed("$'") }
    do throws(OptionError) {
      let quotation = Array("$'".utf8) + text[at..<end] + [single]
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
      word.append(dollar)
      return
    }
    word.parts.append(.variable(Array(text[start..<end])))
    at = isBraced ? end + 1 : end
  }

  // MARK: Commands of the system's shell

  /// What stands behind `|`: up to the end of the line or a `;` outside quotes.
  private mutating func takeCommand() throws(SyntaxFault) -> [UInt8] {
    try passBlanks()
    let mark = here
    let start = at
    var quote: UInt8?
    while let byte = peek, byte != newline, quote != nil || byte != semicolon {
      if byte == quote {
        quote = nil
      } else if quote == nil, byte == single || byte == double {
        quote = byte
      } else if byte == backslash, quote != single, next(1) != nil {
        advance()
      }
      advance()
    }
    let command = trimmed(text[start..<at])
    if command.isEmpty { throw mark.fault("a command is needed behind '|'") }
    return command
  }

  private mutating func takeRestOfLine() -> [UInt8] {
    let start = at
    while let byte = peek, byte != newline { advance() }
    return trimmed(text[start..<at])
  }

  private func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    let front = bytes.drop(while: isBlank)
    let end = front.lastIndex { !isBlank($0) }
    return end.map { Array(front[...$0]) } ?? []
  }

  // MARK: Steps

  private var peek: UInt8? { at < text.count ? text[at] : nil }

  private func next(_ distance: Int) -> UInt8? {
    at + distance < text.count ? text[at + distance] : nil
  }

  private mutating func advance() {
    if at < text.count, text[at] == newline {
      line += 1
      lineStart = at + 1
    }
    at += 1
  }

  private mutating func passBlanks() throws(SyntaxFault) {
    while let byte = peek {
      if byte == backslash, try passEscapedNewline() { continue }
      if !isBlank(byte) { return }
      advance()
    }
  }

  /// The line goes on in the next one: there has to be one.  Some editors end lines with a carriage return
  /// before the newline.
  ///
  /// - Returns: false when something else is behind the backslash.
  private mutating func passEscapedNewline() throws(SyntaxFault) -> Bool {
    let length = next(1) == UInt8(ascii: "\r") ? 3 : 2
    guard next(length - 1) == newline else { return false }
    let mark = here
    for _ in 0..<length { advance() }
    if peek == nil { throw mark.fault("a backslash ends the text", missing: newline) }
    return true
  }

  private mutating func passComment() {
    while let byte = peek, byte != newline { advance() }
  }

  private mutating func passSeparators() throws(SyntaxFault) {
    while true {
      try passBlanks()
      switch peek {
      case newline, semicolon: advance()
      case UInt8(ascii: "#"): passComment()
      default: return
      }
    }
  }

  private var here: Mark {
    let column = String(decoding: text[lineStart..<at], as: UTF8.self).count + 1
    return Mark(line: line, column: column)
  }

  private func fault(_ text: String) -> SyntaxFault { here.fault(text) }

  private struct Mark {
    let line: Int
    let column: Int

    func fault(_ text: String, missing: UInt8? = nil) -> SyntaxFault {
      SyntaxFault(line: line, column: column, text: text, missing: missing)
    }

    func unclosed(_ quote: String) -> SyntaxFault {
      fault("the quotation that \(quote) begins is not closed", missing: quote.utf8.last)
    }
  }
}

extension Word {
  /// An empty quotation is a word too.
  fileprivate mutating func beginQuotation() {
    isPlain = false
    if parts.isEmpty { parts.append(.text([])) }
  }
}

private func isBlank(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
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

private let newline = UInt8(ascii: "\n")
private let semicolon = UInt8(ascii: ";")
private let single = UInt8(ascii: "'")
private let double = UInt8(ascii: "\"")
private let backslash = UInt8(ascii: "\\")
private let dollar = UInt8(ascii: "$")
private let escapable = Array("$`\"\\\n".utf8)
