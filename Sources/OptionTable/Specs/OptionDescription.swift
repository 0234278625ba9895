/// All that can be said about an option: what the renderers read, without what it does.
///
/// A class, so that tables of them are cheap to hand around.
package final class OptionDescription: Sendable {
  package let short: Character?
  package let long: String?
  /// Further long names, understood and completed, and listed after the first.
  package let also: [String]
  /// What the option takes.
  package var value: OptionValue { words.map { .words($0()) } ?? plainValue }
  package let group: OptionGroup
  /// The commands that know the option.
  package let commands: [CommandName]
  /// Each one adds to those before it; of any other option the last counts.
  package let repeats: Bool
  /// Those of one file or command line go together, in the place of those before.
  let isOneSet: Bool
  package let secret: Secret?
  /// Not only for the command line.
  let isForFiles: Bool
  /// Understood, but neither listed nor completed.
  package let hidden: Bool
  /// One sentence.  `{keepalive}` stands for the name of that option, here and in the details.
  package let summary: String
  /// More sentences, for the manual.
  package let details: String?

  package init(
    short: Character? = nil, long: String? = nil, also: [String] = [],
    value: OptionValue = .none, words: (@Sendable () -> Words)? = nil, group: OptionGroup,
    commands: [CommandName], repeats: Bool = false, isOneSet: Bool = false, secret: Secret? = nil,
    isForFiles: Bool = true,
    hidden: Bool = false, summary: String, details: String? = nil
  ) {
    self.short = short
    self.long = long
    self.also = also
    plainValue = value
    self.words = words
    self.group = group
    self.commands = commands
    self.repeats = repeats || isOneSet
    self.isOneSet = isOneSet
    self.secret = secret
    self.isForFiles = isForFiles
    self.hidden = hidden
    self.summary = summary
    self.details = details
  }

  private let plainValue: OptionValue
  /// Made when somebody asks: such trees are large, and most runs use none.
  private let words: (@Sendable () -> Words)?

  /// Every spelling: the letter first.
  package var names: [OptionName] {
    var names: [OptionName] = []
    if let short { names.append(.short(short)) }
    if let long { names.append(.long(long)) }
    return names + also.map(OptionName.long)
  }

  /// The spelling that texts use to refer to the option: the long one if there is one.
  package var name: OptionName {
    long.map(OptionName.long) ?? short.map(OptionName.short) ?? .long("")
  }

  /// The name without dashes: what `{…}` holds in a text that refers to the option.
  package var key: String {
    long ?? short.map { String($0) } ?? ""
  }
}
