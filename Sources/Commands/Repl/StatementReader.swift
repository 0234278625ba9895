// From text to commands: quotes, variables, `;`, `|`, `>`, `!` and comments.

import OptionTable

/// Splits a text into commands, from left to right.
struct StatementReader {
  let text: [UInt8]
  var at = 0
  var line: Int
  var lineStart = 0

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
    case Self.newline, Self.semicolon: return false
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

  // MARK: Commands of the system's shell

  /// What stands behind `|`: up to the end of the line or a `;` outside quotes.
  private mutating func takeCommand() throws(SyntaxFault) -> [UInt8] {
    try passBlanks()
    let mark = here
    let start = at
    var quote: UInt8?
    while let byte = peek, byte != Self.newline, quote != nil || byte != Self.semicolon {
      if byte == quote {
        quote = nil
      } else if quote == nil, byte == Self.single || byte == Self.double {
        quote = byte
      } else if byte == Self.backslash, quote != Self.single, next(1) != nil {
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
    while let byte = peek, byte != Self.newline { advance() }
    return trimmed(text[start..<at])
  }

  private func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    let front = bytes.drop(while: Self.isBlank)
    let end = front.lastIndex { !Self.isBlank($0) }
    return end.map { Array(front[...$0]) } ?? []
  }

  // MARK: Steps

  var peek: UInt8? { at < text.count ? text[at] : nil }

  func next(_ distance: Int) -> UInt8? {
    at + distance < text.count ? text[at + distance] : nil
  }

  mutating func advance() {
    if at < text.count, text[at] == Self.newline {
      line += 1
      lineStart = at + 1
    }
    at += 1
  }

  private mutating func passBlanks() throws(SyntaxFault) {
    while let byte = peek {
      if byte == Self.backslash, try passEscapedNewline() { continue }
      if !Self.isBlank(byte) { return }
      advance()
    }
  }

  /// The line goes on in the next one: there has to be one.  Some editors end lines with a carriage return
  /// before the newline.
  ///
  /// - Returns: false when something else is behind the backslash.
  mutating func passEscapedNewline() throws(SyntaxFault) -> Bool {
    let length = next(1) == UInt8(ascii: "\r") ? 3 : 2
    guard next(length - 1) == Self.newline else { return false }
    let mark = here
    for _ in 0..<length { advance() }
    if peek == nil { throw mark.fault("a backslash ends the text", missing: Self.newline) }
    return true
  }

  private mutating func passComment() {
    while let byte = peek, byte != Self.newline { advance() }
  }

  private mutating func passSeparators() throws(SyntaxFault) {
    while true {
      try passBlanks()
      switch peek {
      case Self.newline, Self.semicolon: advance()
      case UInt8(ascii: "#"): passComment()
      default: return
      }
    }
  }

  var here: Mark { Mark(line: line, before: text[lineStart..<at]) }

  private func fault(_ text: String) -> SyntaxFault { here.fault(text) }

  struct Mark {
    let line: Int
    /// What its line has before it; nobody counts the characters unless there is a fault.
    let before: ArraySlice<UInt8>

    func fault(_ text: String, missing: UInt8? = nil) -> SyntaxFault {
      let column = String(decoding: before, as: UTF8.self).count + 1
      return SyntaxFault(line: line, column: column, text: text, missing: missing)
    }

    func unclosed(_ quote: String) -> SyntaxFault {
      fault("the quotation that \(quote) begins is not closed", missing: quote.utf8.last)
    }
  }

  // MARK: Bytes that mean something

  static let newline = UInt8(ascii: "\n")
  static let semicolon = UInt8(ascii: ";")
  static let single = UInt8(ascii: "'")
  static let double = UInt8(ascii: "\"")
  static let backslash = UInt8(ascii: "\\")
  static let dollar = UInt8(ascii: "$")
  /// Behind a backslash between double quotes.
  static let escapable = Array("$`\"\\\n".utf8)

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }
}
