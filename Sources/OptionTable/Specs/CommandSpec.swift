/// A command that can be run: its description and what each of its options does.
package struct CommandSpec<Settings>: Sendable {
  package let description: CommandDescription
  /// One for each of the description's options, in the same order.
  let effects: [OptionSpec<Settings>.Effect]

  /// Takes from `table` the options that name this command; `--help` and `--version` are added.
  package init(_ description: CommandDescription, options table: [OptionSpec<Settings>]) {
    var description = description
    var effects: [OptionSpec<Settings>.Effect] = []
    let own = table.filter { $0.description.commands.contains(description.name) }
    for option in own + [.help, .version] {
      description.options.append(option.description)
      effects.append(option.effect)
    }
    self.description = description
    self.effects = effects
  }
}
