/// Turns the words after a command's name into settings, applying each option as it is read, so
/// that the first mistake from the left is the one that is named.
package struct Parser<Settings> {
  private let command: CommandSpec<Settings>
  private let program: () -> ProgramSpec

  package enum Outcome {
    case run(Settings)
    case help
    case version
  }

  /// - Parameter program: asked only when there is a mistake to explain.
  package init(
    _ command: CommandSpec<Settings>, of program: @autoclosure @escaping () -> ProgramSpec
  ) {
    self.command = command
    self.program = program
  }

  /// - Parameter settings: what holds before the first option.
  /// - Throws: one line that names the word at fault.
  package func parse(
    _ arguments: ArraySlice<Argument>, into settings: Settings
  ) throws(OptionError) -> Outcome {
    var settings = settings
    var grammar = ShellGrammar(arguments, options: command.description.options)
    while let occurrence = try next(from: &grammar) {
      switch try command.apply(occurrence, to: &settings) {
      case .goOn: continue
      case .help: return .help
      case .version: return .version
      }
    }
    return .run(settings)
  }

  private func next(from grammar: inout ShellGrammar) throws(OptionError) -> Occurrence? {
    do {
      return try grammar.next()
    } catch {
      throw OptionError(error.text(in: command.description, of: program()))
    }
  }
}
