/// The short texts that go with an error.
package enum Usage {
  /// `Try 'apus pub --help'.`
  package static func hint(program: String, command: CommandName? = nil) -> String {
    "Try '\(program)\(command.map { " \($0.text)" } ?? "") --help'."
  }
}

extension ProgramSpec {
  /// The ways to call a command, one a line, the first after `Usage:`.
  package func usage(of command: CommandDescription) -> String {
    command.synopsis.enumerated().map { index, form in
      "\(index == 0 ? "Usage:" : "      ") \(name) \(command.name.text) \(form)\n"
    }.joined()
  }
}
