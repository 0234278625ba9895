// What the shell reads: commands with their words, as they were typed.

/// One command of a script or a line.
struct Statement: Equatable {
  var words: [Word] = []
  /// Behind `!`: for `/bin/sh -c`.
  var command: [UInt8]?
  /// What `"$@"` stands for in the command.
  var parameters: [[UInt8]] = []
  var outlet: Outlet?
  /// Where it begins, counted from 1.
  var line: Int
  /// A comment stands where one more word might have been meant.
  var endsInComment = false

  /// Where the messages of a command go in place of standard output.
  enum Outlet: Equatable {
    case file(Word, appends: Bool)
    /// For `/bin/sh -c`.
    case command([UInt8])
  }
}

/// A word before its variables are replaced.
struct Word: Equatable {
  var parts: [Part] = []
  /// Nothing in it was quoted: it may be an alias.
  var isPlain = true

  enum Part: Equatable {
    case text([UInt8])
    /// `$name`.
    case variable([UInt8])
  }

  mutating func append(_ byte: UInt8) {
    if case .text(var text)? = parts.last {
      parts.removeLast()
      text.append(byte)
      parts.append(.text(text))
    } else {
      parts.append(.text([byte]))
    }
  }

  /// The word's text where it has no variables and no quotes.
  var plainText: [UInt8]? {
    guard isPlain, parts.count == 1, case .text(let text) = parts[0] else { return nil }
    return text
  }
}

/// Why a text is no sequence of commands.
struct SyntaxFault: Error, Equatable {
  var line: Int
  /// In characters, counted from 1.
  var column: Int
  var text: String
  /// What a line must have that mends it: the end of a quotation, or of a line whose newline was escaped; nil
  /// where more lines mend nothing.
  var missing: UInt8?
}
