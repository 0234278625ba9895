/// All that can be said about a command.
package struct CommandDescription: Sendable {
  package var name: CommandName
  /// One sentence.
  package var summary: String
  package var operands: Operands
  /// What follows the command's name, one way to call it a line: `[OPTION...] -t TOPIC`.
  package var synopsis: [String]
  /// Paragraphs.
  package var description: [String] = []
  package var options: [OptionDescription] = []
  /// What the manual says behind the options, each part under a heading of its own.
  package var sections: [Section]
  /// What a terminal showed, for the manual.
  package var transcript: [String] = []
  package var examples: [Example] = []
  package var exitStatuses: [Definition] = []
  package var environment: [Definition] = []
  package var files: [Definition] = []
  /// Names of further manual pages of section 1.
  package var seeAlso: [String] = []

  /// - Parameter synopsis: what the actions among the operands don't say themselves.
  package init(
    _ name: CommandName, summary: String, operands: Operands = .none, synopsis: [String] = [],
    description: [String] = [], sections: [Section] = [], transcript: [String] = [],
    examples: [Example] = [], exitStatuses: [Definition] = [], environment: [Definition] = [],
    files: [Definition] = [], seeAlso: [String] = []
  ) {
    self.name = name
    self.summary = summary
    self.operands = operands
    self.synopsis =
      synopsis
      + operands.actions.flatMap { action in action.synopsis.map { "\(action.word) \($0)" } }
    self.description = description
    self.sections = sections
    self.transcript = transcript
    self.examples = examples
    self.exitStatuses = exitStatuses
    self.environment = environment
    self.files = files
    self.seeAlso = seeAlso
  }

  /// The groups in order, each with its options in the order of the table; hidden ones left out.
  var groups: [(group: OptionGroup, options: [OptionDescription])] {
    var groups: [(group: OptionGroup, options: [OptionDescription])] = []
    for option in options where !option.hidden {
      if let index = groups.firstIndex(where: { $0.group == option.group }) {
        groups[index].options.append(option)
      } else {
        groups.append((option.group, [option]))
      }
    }
    return groups.sorted { $0.group.order < $1.group.order }
  }

  var visibleOptions: [OptionDescription] {
    options.filter { !$0.hidden }
  }
}

/// A part of a manual page.
package struct Section: Hashable, Sendable {
  package var heading: String
  package var paragraphs: [String]
  /// What follows the paragraphs: words and what they mean.
  package var definitions: [Definition]

  package init(_ heading: String, _ paragraphs: [String], _ definitions: [Definition] = []) {
    self.heading = heading
    self.paragraphs = paragraphs
    self.definitions = definitions
  }
}

/// A command line worth pasting, and what it does.
package struct Example: Hashable, Sendable {
  package var command: String
  package var effect: String

  package init(_ command: String, _ effect: String) {
    self.command = command
    self.effect = effect
  }
}

/// A term and what it means: an exit status, a variable, a file.
package struct Definition: Hashable, Sendable {
  package var term: String
  package var meaning: String

  package init(_ term: String, _ meaning: String) {
    self.term = term
    self.meaning = meaning
  }
}
