/// An option as a grammar found it: what to do, before it is done.
package struct Occurrence: Hashable, Sendable {
  /// Where the option stands in the command's options.
  package var index: Int
  /// The spelling that was typed.
  package var name: OptionName
  package var values: [Argument]
  /// `--no-X`: forgets every X before it.
  package var undoes = false
  package var origin = Origin.commandLine
}

/// Where an option was found.
package enum Origin: Hashable, Sendable {
  case commandLine
  /// - Parameters:
  ///   - name: as messages show it.
  ///   - line: counted from 1.
  case file(name: String, line: Int)

  /// The file's name; nil for the command line.
  package var source: String? {
    if case .file(let name, _) = self { return name }
    return nil
  }

  /// What an error text begins with: `FILE:LINE: `, or nothing.
  package var prefix: String {
    switch self {
    case .commandLine: ""
    case .file(let name, let line): "\(name):\(line): "
    }
  }
}

/// Why words are no sentence of a grammar.  The text for it is the parser's.
package enum GrammarError: Error, Hashable, Sendable {
  /// No option has this name; `word` is the whole word it came in.
  case unknown(UnknownName, word: Argument)
  case missingValue(OptionName, placeholder: String)
  case unwantedValue(OptionName)
  case stray(Argument)

  /// A name as typed, without its dashes.
  package enum UnknownName: Hashable, Sendable {
    case short(Argument)
    case long(Argument)
  }
}
