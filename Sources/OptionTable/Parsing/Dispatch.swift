/// What the first words of a command line ask the program for.
package enum Dispatch: Hashable, Sendable {
  /// A command, and the words that are its own.
  case run(CommandName, ArraySlice<Argument>)
  /// `--help`, `help`, or `help COMMAND`.
  case help(CommandName?)
  case version

  /// - Parameter arguments: the command line without the program's name.
  /// - Throws: when no command is named, or one that is not there; the nearest is suggested.
  package init(
    _ arguments: ArraySlice<Argument>, among commands: [CommandName]
  ) throws(OptionError) {
    guard let first = arguments.first else {
      throw OptionError("a command is needed: \(commands.map(\.text).listed("or"))")
    }
    let rest = arguments.dropFirst()
    switch first {
    case "--version": self = .version
    case "--help": self = .help(nil)
    case "help":
      if let stray = rest.dropFirst().first {
        throw OptionError("unexpected argument '\(stray.shown)'")
      }
      self = .help(
        try rest.first.map { (word) throws(OptionError) in
          try Self.command(word, among: commands)
        })
    default: self = .run(try Self.command(first, among: commands), rest)
    }
  }

  /// - Throws: when the word names no command; the nearest is suggested.
  package static func command(
    _ word: Argument, among commands: [CommandName]
  ) throws(OptionError) -> CommandName {
    if let command = commands.first(where: { $0.text.utf8.elementsEqual(word.bytes) }) {
      return command
    }
    guard word.bytes.first != UInt8(ascii: "-") else {
      throw OptionError("a command must come before '\(word.shown)'")
    }
    let hint = didYouMean(nearest(to: word.bytes, among: commands.map(\.text)))
    throw OptionError("unknown command '\(word.shown)'\(hint)")
  }
}
