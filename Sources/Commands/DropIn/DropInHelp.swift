import OptionTable

extension Tool {
  /// The first line is for scripts that look for mosquitto's version: whose behaviour it is.
  var version: String {
    "\(name) version 2.1.2 running on libmosquitto 2.1.2.\n"
      + "This is apus \(Program.version) in its place.\n"
  }

  /// The options that the tool takes, each as it is written.
  var help: String {
    let command = Program.spec(for: command).description
    let rows = Rule.all.filter { $0.tools.contains(self) }.map { rule in
      let names = rule.names.map { "\($0)" }
      let option = command.options.first { $0.names.contains { names.contains($0.shown) } }
      let value = rule.missing == nil ? "" : " " + (option?.value.placeholder ?? "VALUE")
      return "  \(names.joined(separator: ", "))\(value)\n"
        + "      \(option.map { command.plain($0.summary) } ?? "")\n"
    }
    return version + "\nUsage: \(name) [OPTION...]\n\n"
      + "Every option is a word of its own, and so is every value.\n\n" + rows.joined()
      + "\nSee also: man apus-\(self.rawValue)\n"
  }
}
