/// One line of a file of options: `-q 1`, `--qos 1`, `--qos=1`, `-D publish user-property 'a b' c`.
///
/// Errors show no value, since it may be a secret.
struct OptionLine {
  /// The first word, or what it has before `=`.
  let name: Argument
  private let hasEquals: Bool
  /// What follows, without the blanks before it.
  private let rest: ArraySlice<UInt8>

  /// - Parameter line: without its newline.
  /// - Returns: nil for an empty line and a comment.
  init?(_ line: ArraySlice<UInt8>) throws(OptionError) {
    if line.contains(0) { throw OptionError("a NUL byte is in the line") }
    let text = (line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
      .drop(while: ShellWords.isBlank)
    guard let first = text.first, first != UInt8(ascii: "#") else { return nil }
    let word = text.prefix { !ShellWords.isBlank($0) }
    let equals = word.starts(with: "--".utf8) ? word.firstIndex(of: UInt8(ascii: "=")) : nil
    let end = equals ?? word.endIndex
    if word[..<end].count > 100 {
      throw OptionError("no option is \(word[..<end].count) bytes long")
    }
    name = Argument(bytes: Array(word[..<end]))
    hasEquals = equals != nil
    rest = text[(hasEquals ? end + 1 : end)...].drop(while: ShellWords.isBlank)
  }

  /// - Parameter longNames: one of them without its dashes is recognised.
  /// - Throws: when the line does not begin with one option.
  func spelling(
    _ longNames: @autoclosure () -> [String]
  ) throws(OptionError) -> GrammarError.UnknownName {
    let bytes = name.bytes
    if bytes.starts(with: "--".utf8) { return .long(Argument(bytes: Array(bytes.dropFirst(2)))) }
    let hasDash = bytes[0] == UInt8(ascii: "-")
    if hasDash, bytes.count == 2 { return .short(Argument(bytes: Array(bytes.dropFirst()))) }
    let meant = longNames().first { $0.utf8.elementsEqual(bytes.dropFirst(hasDash ? 1 : 0)) }
    let hint = didYouMean(meant.map { "--\($0)" })
    guard hasDash, bytes.count > 2, bytes[1] < 0x80 else {
      throw OptionError("'\(name.shown)' is no option\(hint)")
    }
    let letter = Argument(bytes: Array(bytes.prefix(2))).shown
    throw OptionError("a line is one option: a blank is missing behind '\(letter)'\(hint)")
  }

  /// - Throws: when the line has fewer or more words than the option takes.
  func values(
    of found: FoundOption, _ option: OptionDescription
  ) throws(OptionError) -> [Argument] {
    let name = found.name.shown
    var values: [Argument] = []
    var wanted = found.undoes ? .end : option.value.words
    for word in try words(name, option.value) {
      if wanted == .end {
        throw OptionError(
          values.isEmpty
            ? "option \(name) takes no value"
            : "\(name): more follows its value, which needs quotes around all of it")
      }
      values.append(word)
      // The effect names what is none of the choices; what follows is not known to be wrong.
      if !wanted.allows(word) { return values }
      wanted = wanted.after(word)
    }
    if let placeholder = wanted.placeholder {
      throw OptionError("option \(name) needs a value: \(placeholder)")
    }
    return values
  }

  /// A single value is the rest of the line without the blanks around it, unless that begins with a
  /// quote.
  private func words(_ name: String, _ value: OptionValue) throws(OptionError) -> [Argument] {
    if value.isSingle, !ShellWords.isQuoted(rest) {
      let end = rest.lastIndex { !ShellWords.isBlank($0) }
      let value = Array(end.map { rest[...$0] } ?? [])
      return value.isEmpty && !hasEquals ? [] : [Argument(bytes: value)]
    }
    do { return try ShellWords.split(rest) } catch { throw OptionError("\(name): \(error)") }
  }
}
