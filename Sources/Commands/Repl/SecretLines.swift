// What of a line is for nobody's eyes, nor for a history.

import OptionTable

extension Shell {
  /// True for a line that holds a password or the like, or that may hold one: who mistypes a command's name
  /// has typed its password all the same.
  func holdsSecret(_ line: [UInt8], depth: Int = 0) -> Bool {
    if depth > 8 || LooksSecret.hasLogin(line) { return true }
    guard let statements = try? StatementReader.statements(in: line) else {
      return LooksSecret.hasOption(line)
    }
    return statements.contains { holdsSecret($0, depth) }
  }

  private func holdsSecret(_ statement: Statement, _ depth: Int) -> Bool {
    if let command = statement.command, LooksSecret.hasOption(command) { return true }
    if case .command(let command) = statement.outlet, LooksSecret.hasOption(command) { return true }
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

/// What secrets look like in words that nobody understands.
enum LooksSecret {
  /// An option for a secret stands in the text.
  static func hasOption(_ text: [UInt8]) -> Bool {
    text.split { [0x20, 0x09, 0x0a, 0x22, 0x27].contains($0) }.contains { isOption(Array($0)) }
  }

  /// `-P`, alone, with its value, or behind other letters, or a long option with such a name.
  static func isOption(_ word: [UInt8]) -> Bool {
    guard word.first == UInt8(ascii: "-") else { return false }
    let name = word.prefix { $0 != UInt8(ascii: "=") }
    if word.starts(with: Array("--".utf8)) {
      return isName(String(decoding: name.dropFirst(2), as: UTF8.self))
    }
    return name.contains(UInt8(ascii: "P"))
  }

  /// Also one with a letter too few.
  static func isName(_ name: String) -> Bool {
    let name = name.lowercased()
    let parts = ["pas", "pw", "psk", "secret", "token", "key", "auth", "seal", "sign"]
    return name.indices.contains { place in parts.contains { name[place...].hasPrefix($0) } }
  }

  /// A URL with a password: `SCHEME://USER:PASSWORD@…`.
  static func hasLogin(_ text: [UInt8]) -> Bool {
    text.split { [0x20, 0x09, 0x0a].contains($0) }.contains { word in
      let text = String(decoding: word, as: UTF8.self)
      guard let mark = text.indices.first(where: { text[$0...].hasPrefix("://") }) else {
        return false
      }
      let authority = text[mark...].dropFirst(3).prefix { $0 != "/" }
      guard let at = authority.lastIndex(of: "@") else { return false }
      return authority[..<at].contains(":")
    }
  }
}
