// `apus config`: the options in force, and where each comes from.

import OptionTable

/// The words of `apus config`.
enum ConfigListing {
  /// - Throws: what is wrong with the words or the files.
  static func work(_ words: ArraySlice<Argument>) throws(OptionError) -> Work {
    if let first = words.first, first.bytes.first != UInt8(ascii: "-") {
      let command = try Dispatch.command(first, among: commands)
      return try work(Program.spec(for: command), command, words.dropFirst())
    }
    return try work(everything, nil, words)
  }

  /// - Parameter command: nil for the files that all commands read.
  private static func work(
    _ spec: CommandSpec<Settings>, _ command: CommandName?, _ words: ArraySlice<Argument>
  ) throws(OptionError) -> Work {
    let parser = Parser(spec, of: Program.spec)
    var places: [ConfigFiles.Place] = []
    let gathered = try parser.gather(words) { (sources) throws(OptionError) in
      places = try ConfigFiles(for: command).look(for: sources)
      return places.compactMap(\.file)
    }
    if command == nil { try check(places.compactMap(\.file)) }
    switch try parser.apply(gathered, to: Settings()) {
    case .help: return .help(.config)
    case .version: return .version
    case .run:
      var found = places.map { "# \($0.name): \($0.file == nil ? "not there" : "read")\n" }
      if found.isEmpty { found = ["# no files: neither XDG_CONFIG_HOME nor HOME names a folder\n"] }
      return .show(found.joined() + spec.description.listing(of: gathered))
    }
  }

  /// Whether each command can work with the files that all read.
  private static func check(_ files: [OptionFile]) throws(OptionError) {
    for command in commands {
      let parser = Parser(Program.spec(for: command), of: Program.spec)
      let gathered = try parser.gather([]) { _ in files }
      do throws(OptionError) { _ = try parser.apply(gathered, to: Settings()) } catch {
        throw OptionError("\(error.text) (as 'apus \(command.text)' reads it)")
      }
    }
  }

  private static var commands: [CommandName] { .all }

  /// The options of all commands, each once.
  private static var everything: CommandSpec<Settings> {
    var table: [Option] = []
    for option in commands.flatMap(Option.table(for:)) {
      let names = option.description.names
      if !table.contains(where: { $0.description.names.contains(where: names.contains) }) {
        table.append(option)
      }
    }
    return CommandSpec(Program.spec(for: .config).description, options: table)
  }
}
