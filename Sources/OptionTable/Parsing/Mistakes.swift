/// The texts of the shell grammar's errors.
extension GrammarError {
  func text(in command: CommandDescription, of program: ProgramSpec) -> String {
    switch self {
    case .missingValue(let name, let placeholder):
      "option \(name.shown) needs a value: \(placeholder)"
    case .unwantedValue(let name):
      "option \(name.shown) takes no value"
    case .stray(let word):
      "unexpected argument '\(word.shown)'"
    case .unknown(let name, let word):
      // `-retain` for `--retain` is read as letters: see the word whole before it is refused.
      (word.isLongName(of: command) ? nil : name.ownership(in: command, of: program))
        ?? name.unknown(in: word, among: command.longNames)
    }
  }
}

extension GrammarError.UnknownName {
  private var shown: String {
    switch self {
    case .short(let letter): "-\(letter.shown)"
    case .long(let name): "--\(name.shown)"
    }
  }

  /// Says which commands have the option, when this one has not.
  fileprivate func ownership(in command: CommandDescription, of program: ProgramSpec) -> String? {
    let owners = program.commands.filter { $0.visibleOptions.find(self) != nil }
    guard !owners.isEmpty else { return nil }
    let names = owners.map { "'\(program.calling($0))'" }.listed("and")
    return "'\(shown)' is an option of \(names), not of '\(program.calling(command))'"
  }

  /// - Parameter names: of which the nearest is suggested.
  func unknown(in word: Argument, among names: [String]) -> String {
    let place = word.bytes.count > 2 && word.bytes[1] != UInt8(ascii: "-")
    switch self {
    case .long(let name):
      let rest = name.bytes.starts(with: "no-".utf8) ? Array(name.bytes.dropFirst(3)) : []
      let undoing = nearest(to: rest, among: names).map { "no-\($0)" }
      // --no-help is near to itself, but no option.
      let meant = (nearest(to: name.bytes, among: names) ?? undoing)
        .flatMap { $0 == name.text ? nil : "--\($0)" }
      return "unknown option '\(shown)'\(didYouMean(meant))"
    case .short:
      let typed = word.bytes.dropFirst()
      let meant = names.first { $0.utf8.elementsEqual(typed) }.map { "--\($0)" }
      return "unknown option '\(shown)'\(place ? " in '\(word.shown)'" : "")\(didYouMean(meant))"
    }
  }
}

extension Argument {
  /// But for a dash that is missing.
  fileprivate func isLongName(of command: CommandDescription) -> Bool {
    command.longNames.contains { $0.utf8.elementsEqual(bytes.dropFirst()) }
  }
}

extension CommandDescription {
  var longNames: [String] {
    visibleOptions.flatMap { [$0.long].compactMap(\.self) + $0.also }
  }
}

extension [String] {
  /// `a`, `a and b`, `a, b and c`.
  func listed(_ conjunction: String) -> String {
    guard let last, count > 1 else { return first ?? "" }
    return "\(dropLast().joined(separator: ", ")) \(conjunction) \(last)"
  }
}
