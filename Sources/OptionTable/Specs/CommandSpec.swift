/// A command that can be run: its description and what each of its options does.
package struct CommandSpec<Settings>: Sendable {
  private let texts: @Sendable () -> CommandDescription
  /// In the order in which help shows them.
  @usableFromInline let options: [OptionSpec<Settings>]

  /// - Parameter options: the command's own, with `OptionSpec.endings` last.
  package init(
    _ description: @autoclosure @escaping @Sendable () -> CommandDescription,
    options: [OptionSpec<Settings>]
  ) {
    texts = description
    self.options = options
  }

  /// The whole description; made when somebody asks, since most runs do not.
  package var description: CommandDescription {
    var description = texts()
    description.options = options.map { $0.description }
    return description
  }
}
