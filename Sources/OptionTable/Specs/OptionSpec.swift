/// An option, said once: its description and what it does to the settings of its command.
///
/// There is an initialiser for each shape of option: a flag, one value, several words.
package struct OptionSpec<Settings>: Sendable {
  package var description: OptionDescription
  package var effect: Effect

  /// What happens when the option is met.  A thrown text is prefixed with the option's name.
  package enum Effect: Sendable {
    case flag(@Sendable (inout Settings) throws(OptionError) -> Void)
    case value(@Sendable (Argument, inout Settings) throws(OptionError) -> Void)
    case words(@Sendable ([Argument], inout Settings) throws(OptionError) -> Void)
    case help
    case version
    /// Names a file of options, which is read before any effect.
    case source(OptionSource)
  }

  /// A flag.
  package init(
    short: Character? = nil, long: String? = nil, also: [String] = [],
    group: OptionGroup, commands: [CommandName], hidden: Bool = false,
    summary: String, details: String? = nil,
    effect: @escaping @Sendable (inout Settings) throws(OptionError) -> Void
  ) {
    description = OptionDescription(
      short: short, long: long, also: also, group: group, commands: commands,
      hidden: hidden, summary: summary, details: details)
    self.effect = .flag(effect)
  }

  /// An option with one value, which is never absent and may be empty or start with a dash.
  package init(
    short: Character? = nil, long: String? = nil, also: [String] = [], value: OptionValue,
    group: OptionGroup, commands: [CommandName], repeats: Bool = false, isOneSet: Bool = false,
    secret: Secret? = nil, hidden: Bool = false, summary: String, details: String? = nil,
    effect: @escaping @Sendable (Argument, inout Settings) throws(OptionError) -> Void
  ) {
    description = OptionDescription(
      short: short, long: long, also: also, value: value, group: group, commands: commands,
      repeats: repeats, isOneSet: isOneSet, secret: secret, hidden: hidden, summary: summary,
      details: details)
    self.effect = .value(effect)
  }

  /// An option with several words.  The effect gets them up to the first that is no choice.
  package init(
    short: Character? = nil, long: String? = nil, also: [String] = [],
    words: @autoclosure @escaping @Sendable () -> Words,
    group: OptionGroup, commands: [CommandName], repeats: Bool = false, secret: Secret? = nil,
    hidden: Bool = false, summary: String, details: String? = nil,
    effect: @escaping @Sendable ([Argument], inout Settings) throws(OptionError) -> Void
  ) {
    description = OptionDescription(
      short: short, long: long, also: also, words: words, group: group, commands: commands,
      repeats: repeats, secret: secret, hidden: hidden, summary: summary, details: details)
    self.effect = .words(effect)
  }

  /// An option that names a file of options.
  package init(
    short: Character? = nil, long: String, value: OptionValue, names source: OptionSource,
    group: OptionGroup, commands: [CommandName], summary: String, details: String? = nil
  ) {
    description = OptionDescription(
      short: short, long: long, value: value, group: group, commands: commands, isForFiles: false,
      summary: summary, details: details)
    effect = .source(source)
  }

  private init(ending effect: Effect, long: String, summary: String) {
    description = OptionDescription(
      long: long, group: .help, commands: [], isForFiles: false, summary: summary)
    self.effect = effect
  }

  /// `--help` and `--version`, which every command has.
  package static var endings: [Self] { [help, version] }

  static var help: Self {
    Self(ending: .help, long: "help", summary: "Print this help and exit.")
  }

  static var version: Self {
    Self(ending: .version, long: "version", summary: "Print the version and exit.")
  }
}
