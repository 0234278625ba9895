/// The words of a command that belong to no option: what the synopsis names and completion offers.
package enum Operands: Hashable, Sendable {
  case none
  /// The first word may name another command, whose options follow then.
  case command
  /// There may be one, anywhere among the options: a file.
  case file
  /// The first word is one of these; help lists them under a heading of their own.
  case actions(heading: String, [Action])

  package var actions: [Action] {
    if case .actions(_, let actions) = self { actions } else { [] }
  }
}

/// One of the things that a command does.
package struct Action: Hashable, Sendable {
  package var word: String
  /// One sentence.
  package var summary: String
  /// What follows the word, one way to call it a line, as in a command's synopsis.
  package var synopsis: [String]
  package var files: Files

  /// How many files it takes.
  package enum Files: Hashable, Sendable {
    case none, one, several
  }

  package init(
    _ word: String, _ summary: String, synopsis: String..., files: Files = .none
  ) {
    self.word = word
    self.summary = summary
    self.synopsis = synopsis
    self.files = files
  }
}
