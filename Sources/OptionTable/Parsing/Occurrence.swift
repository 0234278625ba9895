/// An option as a grammar found it: what to do, before it is done.
package struct Occurrence: Hashable, Sendable {
  /// Where the option stands in the command's options.
  package var index: Int
  /// The spelling that was typed.
  package var name: OptionName
  package var values: [Argument]
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
