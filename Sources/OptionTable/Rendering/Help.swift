/// What `--help` prints.
extension ProgramSpec {
  /// The whole help of a command: usage, its options by group, examples.
  ///
  /// - Parameter manual: the page that tells more, where it is not the command's own.
  package func help(
    for command: CommandDescription, manual: String? = nil, width: Int = 80
  ) -> String {
    var lines = wrapped(command.plain(command.summary), width: width)
    let groups = command.groups
    let terms = groups.flatMap(\.options).map(\.term)
    if case .actions(let heading, let actions) = command.operands {
      lines += ["", "\(heading):"]
      lines += columns(
        actions.map { ($0.word, command.plain($0.summary)) }, alignedWith: terms, width: width)
    }
    for (group, options) in groups {
      lines += ["", "\(group.title):"]
      lines += columns(
        options.map { ($0.term, command.plain($0.summary)) }, alignedWith: terms, width: width)
    }
    if !command.examples.isEmpty { lines += ["", "Examples:"] }
    for example in command.examples {
      lines += wrapped(command.plain(example.effect), width: width - 2).map { "  \($0)" }
      lines.append("    \(example.command)")
    }
    lines += ["", "See also: man \(manual ?? "\(name)-\(command.name.text)")"]
    return usage(of: command) + "\n" + lines.map { "\($0)\n" }.joined()
  }

  /// The help of the program: its commands.
  package func help(width: Int = 80) -> String {
    var lines = ["Usage: \(name) COMMAND [OPTION...]", ""]
    lines += wrapped(summary, width: width)
    let overview =
      commands.map { ($0.name.text, $0.plain($0.summary)) }
      + [("help [COMMAND]", "Print this help, or that of a command.")]
    lines += ["", "Commands:"]
    lines += columns(overview, alignedWith: overview.map(\.0), width: width)
    lines += ["", "Options:"]
    lines += columns(
      [OptionSpec<Void>.help, .version].map { ($0.description.name.shown, $0.description.summary) },
      alignedWith: overview.map(\.0), width: width)
    lines += ["", "See also: \(name) COMMAND --help, man \(name)"]
    return lines.map { "\($0)\n" }.joined()
  }
}

extension OptionDescription {
  /// `-q, --qos LEVEL`; long names stand in one column.
  fileprivate var term: String {
    let names = names.map(\.shown).joined(separator: ", ")
    let indented = short == nil ? "    \(names)" : names
    return value == .none ? indented : "\(indented) \(value.placeholder)"
  }
}
