extension ProgramSpec {
  /// The ways to call a command, one a line, the first after `Usage:`.
  package func usage(of command: CommandDescription) -> String {
    command.synopsis.enumerated().map { index, form in
      let words = form.isEmpty ? "" : " \(form)"
      return "\(index == 0 ? "Usage:" : "      ") \(calling(command))\(words)\n"
    }.joined()
  }

  /// The words that call a command: no more than its name where the program has none.
  func calling(_ command: CommandDescription) -> String {
    name.isEmpty ? command.name.text : "\(name) \(command.name.text)"
  }
}
