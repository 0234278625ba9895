import OptionTable

/// What secrets look like in a text that nobody understands: a comment, a program's words, a line with a
/// mistake.
enum LooksSecret {
  static func isIn(_ text: [UInt8]) -> Bool {
    hasOption(text) || hasName(text) || hasLogin(text)
  }

  // MARK: Options

  /// An option for a secret stands in the text.
  static func hasOption(_ text: [UInt8]) -> Bool {
    String(decoding: text, as: UTF8.self).unicodeScalars
      .split { $0.value <= 0x20 || "\"'\\`();|&<>".unicodeScalars.contains($0) }
      .contains { isOption($0) }
  }

  /// `-P`, alone, with its value, or behind other letters, or a long option; also with the dashes that word
  /// processors make of one or two.
  private static func isOption(_ word: Substring.UnicodeScalarView) -> Bool {
    guard let first = word.first, isDash(first) else { return false }
    let name = word.drop(while: isDash).prefix { $0 != "=" }
    let isLong = first != "-" || word.dropFirst().first.map(isDash) ?? false
    if isLong, longNames[String(name)] ?? isName(String(name)) { return true }
    return name.contains("P") && (!isLong || first != "-")
  }

  private static func isDash(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .dashPunctuation || scalar == "\u{2212}"
  }

  /// The table's, and whether their values are secrets as a whole.
  private static let longNames: [String: Bool] = {
    var names: [String: Bool] = [:]
    for option in Builtin.all.flatMap(\.options).map(\.description) {
      let isSecret = option.secret?.mask(["x"]) == [Secret.mask]
      for name in option.also + [option.long].compactMap({ $0 }) { names[name] = isSecret }
    }
    return names
  }()

  // MARK: Names

  /// Also one with a letter too few.
  static func isName(_ name: String) -> Bool {
    let name = name.lowercased()
    return ["pas", "pw", "psk", "secret", "token", "key", "auth", "seal", "sign"].contains {
      holds(name, $0)
    }
  }

  /// (What the library has for this is made of regular expressions, a megabyte of them.)
  private static func holds(_ text: String, _ part: String) -> Bool {
    let text = Array(text.utf8)
    return text.indices.contains { text[$0...].starts(with: part.utf8) }
  }

  /// A word stands in the text that goes before secrets, or a value behind a name for one.
  private static func hasName(_ text: [UInt8]) -> Bool {
    var rest = String(decoding: text, as: UTF8.self).unicodeScalars[...]
    while let start = rest.firstIndex(where: isInName) {
      let word = rest[start...].prefix(while: isInName)
      rest = rest[word.endIndex...]
      // The table knows options.
      if isDash(word[start]) { continue }
      let name = String(word).lowercased()
      let hasValue = rest.first == "=" || rest.first == ":"
      if hasValue && isName(name) || telling.contains(where: { holds(name, $0) }) { return true }
      let parts = name.split { $0 == "_" || $0 == "-" }
      if parts.contains(where: { ["pass", "pw", "pwd", "psk", "pin"].contains($0) }) {
        return true
      }
    }
    return false
  }

  private static let telling = [
    "passw", "passph", "secret", "token", "credential", "bearer", "authoriz", "apikey",
  ]

  private static func isInName(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_"
      || isDash(scalar)
  }

  // MARK: URLs

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
