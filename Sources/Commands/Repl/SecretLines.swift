// What of a line is for nobody's eyes, nor for a history.

import OptionTable

extension Shell {
  /// True for a line that holds a password or the like, or that may hold one: who mistypes a command's name
  /// has typed its password all the same.
  func holdsSecret(_ line: [UInt8], depth: Int = 0) -> Bool {
    if depth > 8 || LooksSecret.isIn(line) { return true }
    guard let statements = try? StatementReader.statements(in: line) else { return false }
    return statements.contains { holdsSecret($0, depth) }
  }

  private func holdsSecret(_ statement: Statement, _ depth: Int) -> Bool {
    // The values of variables are not in the line.
    let words = statement.words.map { word in
      word.parts.reduce(into: [UInt8]()) { bytes, part in
        if case .text(let text) = part { bytes += text }
      }
    }
    guard let first = words.first else { return false }
    if let text = aliases[Self.key(first)] {
      let rest = words.dropFirst().map { Argument(bytes: $0).quoted }.joined(separator: " ")
      return holdsSecret(text + [UInt8(ascii: " ")] + Array(rest.utf8), depth: depth + 1)
    }
    if Self.key(first) == "alias" {
      let text = Array(words.dropFirst(2).joined(separator: [UInt8(ascii: " ")]))
      return holdsSecret(text, depth: depth + 1)
    }
    let isSetting = Self.key(first) == "set"
    let name = isSetting && words.count > 1 ? words[1] : first
    guard let builtin = Builtin.named(Self.key(name)) else {
      return words.contains(where: LooksSecret.hasOption)
        || isSetting && LooksSecret.isName(Self.key(name))
    }
    let options = words.dropFirst(isSetting ? 2 : 1).map { Argument(bytes: $0) }
    let spec = builtin.spec
    let gathered = Parser(spec, takesOperands: true, of: Builtin.program).gather(options[...])
    if spec.holdsSecret(gathered.occurrences) { return true }
    // A command without options takes them for words.
    return (gathered.mistake != nil || builtin.options.isEmpty)
      && words.contains(where: LooksSecret.hasOption)
  }
}
