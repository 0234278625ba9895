/// All that can be said about the program: what its overview, manual and completions read.
package struct ProgramSpec: Sendable {
  package var name: String
  package var version: String
  /// The date of the manual as mdoc writes it, `March 1, 2026`: given, so that output repeats.
  package var date: String
  /// One sentence.
  package var summary: String
  /// Paragraphs.
  package var description: [String]
  package var commands: [CommandDescription]
  package var exitStatuses: [Definition]
  package var environment: [Definition]
  package var files: [Definition]
  /// Names of further manual pages of section 1.
  package var seeAlso: [String]

  /// Each command that takes another, and those it takes.
  var pairs: [(outer: String, inner: [String])] {
    let others = commands.filter { $0.operands != .command }.map(\.name.text)
    return commands.filter { $0.operands == .command }.map { ($0.name.text, others) }
  }

  package init(
    name: String, version: String, date: String, summary: String, description: [String] = [],
    commands: [CommandDescription], exitStatuses: [Definition] = [],
    environment: [Definition] = [], files: [Definition] = [], seeAlso: [String] = []
  ) {
    self.name = name
    self.version = version
    self.date = date
    self.summary = summary
    self.description = description
    self.commands = commands
    self.exitStatuses = exitStatuses
    self.environment = environment
    self.files = files
    self.seeAlso = seeAlso
  }
}
