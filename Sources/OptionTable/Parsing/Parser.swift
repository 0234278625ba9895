/// Turns files of options and the words after a command's name into settings.  All options are found
/// first, since a later one may undo an earlier; then each is applied, so that the first mistake from the
/// left is the one that is named.
package struct Parser<Settings> {
  @usableFromInline let command: CommandSpec<Settings>
  @usableFromInline let program: () -> ProgramSpec
  @usableFromInline let takesOperands: Bool

  package enum Outcome {
    case run(Settings)
    case help
    case version
  }

  /// - Parameters:
  ///   - takesOperands: words that belong to no option are none of the parser's affair.
  ///   - program: asked only when there is a mistake to explain.
  @inlinable package init(
    _ command: CommandSpec<Settings>, takesOperands: Bool = false,
    of program: @autoclosure @escaping () -> ProgramSpec
  ) {
    self.command = command
    self.takesOperands = takesOperands
    self.program = program
  }

  /// - Parameter settings: what holds before the first option.
  /// - Throws: one line that names the word at fault.
  @inlinable package func parse(
    _ arguments: ArraySlice<Argument>, into settings: Settings
  ) throws(OptionError) -> Outcome {
    try apply(gather(arguments), to: settings)
  }

  /// Applies what was gathered up to its first mistake.
  ///
  /// - Throws: one line that names the file, line and word at fault.
  @inlinable package func apply(
    _ gathered: Gathered, to settings: Settings
  ) throws(OptionError) -> Outcome {
    var settings = settings
    for occurrence in gathered.inForce {
      let isOneSet = command.options[occurrence.index].description.isOneSet
      if isOneSet, gathered.replaces(occurrence) { continue }
      switch try command.apply(occurrence, to: &settings) {
      case .goOn: continue
      case .help: return .help
      case .version: return .version
      }
    }
    if let mistake = gathered.mistake { throw mistake }
    return .run(settings)
  }

  /// Finds the options of a command line and nothing else.
  @inlinable package func gather(_ arguments: ArraySlice<Argument>) -> Gathered {
    gather(arguments, command.options.map { $0.description })
  }

  package func gather(
    _ arguments: ArraySlice<Argument>, _ options: [OptionDescription]
  ) -> Gathered {
    var gathered = Gathered()
    var grammar = ShellGrammar(arguments, options: options, takesOperands: takesOperands)
    do throws(GrammarError) {
      while let occurrence = try grammar.next() { gathered.occurrences.append(occurrence) }
      gathered.operands = grammar.operands
    } catch {
      gathered.mistake = OptionError(error.text(in: command.description, of: program()))
    }
    return gathered
  }

  /// Finds the options of the files that go before a command line, and of the line itself.  A line that
  /// asks for help, or is no sentence, needs no files.
  ///
  /// - Parameter files: reads the files that the line names, and those that go without saying.
  @inlinable package func gather(
    _ arguments: ArraySlice<Argument>,
    files: (OptionSources) throws(OptionError) -> [OptionFile]
  ) throws(OptionError) -> Gathered {
    let options = command.options.map { $0.description }
    let line = gather(arguments, options)
    var sources = OptionSources()
    for occurrence in line.inForce {
      switch command.options[occurrence.index].effect {
      case .help, .version: return line
      case .source(let source): try sources.set(source, occurrence)
      case .flag, .value, .words: continue
      }
    }
    if line.mistake != nil { return line }
    var reader = FileReader(options, of: { command.description }, program)
    var gathered = Gathered()
    for file in try files(sources) { gathered.append(reader.read(file)) }
    gathered.append(line)
    return gathered
  }
}
