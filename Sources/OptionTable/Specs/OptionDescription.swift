/// All that can be said about an option: what the renderers read, without what it does.
package struct OptionDescription: Sendable {
  package var short: Character?
  package var long: String?
  /// Further long names, understood and completed, and listed after the first.
  package var also: [String] = []
  package var value: OptionValue = .none
  package var group: OptionGroup
  /// The commands that know the option.
  package var commands: [CommandName]
  /// Understood, but neither listed nor completed.
  package var hidden = false
  /// One sentence.  `{keepalive}` stands for the name of that option, here and in the details.
  package var summary: String
  /// More sentences, for the manual.
  package var details: String?

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

  /// What `{…}` holds in a text that refers to the option.
  var key: String {
    long ?? short.map { String($0) } ?? ""
  }
}
