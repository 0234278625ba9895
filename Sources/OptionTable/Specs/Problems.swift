/// What a test of the real table looks for.
extension ProgramSpec {
  /// Returns what is wrong with the tables, one line each; empty when all is well.
  package func problems() -> [String] {
    var problems: [String] = []
    for (name, count) in counts(commands.map(\.name.text)) where count > 1 {
      problems.append("command \(name) is there \(count) times")
    }
    for command in commands {
      problems += command.problems().map { "\(command.name.text): \($0)" }
    }
    return problems
  }
}

extension CommandDescription {
  fileprivate func problems() -> [String] {
    var problems = sentenceProblem(summary).map { [$0] } ?? []
    if synopsis.isEmpty { problems.append("no synopsis") }
    if operands == .file, !synopsis.contains(where: { stands("[FILE]", in: $0) }) {
      problems.append("the synopsis does not name its FILE")
    }
    for action in operands.actions {
      var found = sentenceProblem(action.summary).map { [$0] } ?? []
      if action.synopsis.isEmpty { found.append("no synopsis") }
      problems += found.map { "\(action.word): \($0)" }
    }
    for (name, count) in counts(options.flatMap(\.names).map(\.shown)) where count > 1 {
      problems.append("\(name) is there \(count) times")
    }
    for text in description { problems += unknownReferences(in: text) }
    for option in options {
      var found = option.problems()
      found += unknownReferences(in: option.summary)
      found += unknownReferences(in: option.details ?? "")
      problems += found.map { "\(option.name.shown): \($0)" }
    }
    return problems
  }

  private func unknownReferences(in text: String) -> [String] {
    TextPart.parts(of: text).compactMap { part in
      guard case .reference(let key) = part, option(for: key) == nil else { return nil }
      return "{\(key)} refers to no option"
    }
  }
}

extension OptionDescription {
  fileprivate func problems() -> [String] {
    var problems = sentenceProblem(summary).map { [$0] } ?? []
    if names.isEmpty { problems.append("no name") }
    if let short, !short.isASCII || !(short.isLetter || short.isNumber) {
      problems.append("the short name is no ASCII letter or digit")
    }
    let isLongName = { (name: String) in
      name.utf8.count > 1 && name.first != "-"
        && name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    }
    for name in [long].compactMap(\.self) + also where !isLongName(name) {
      problems.append("the long name '\(name)' is not lowercase letters, digits and dashes")
    }
    if repeats != stands("repeatable", in: summary) {
      problems.append("'repeatable' is to be said of options that repeat, and of no other")
    }
    if details?.isEmpty == true { problems.append("empty details") }
    if value != .none, value.placeholder.isEmpty { problems.append("its value has no name") }
    if case .oneOf(_, []) = value { problems.append("no values to choose from") }
    if hasEmptyChoice(value.words) { problems.append("no words to choose from") }
    return problems
  }
}

private func stands(_ word: String, in text: String) -> Bool {
  text.indices.contains { text[$0...].hasPrefix(word) }
}

private func hasEmptyChoice(_ words: Words) -> Bool {
  if case .choice(_, []) = words { return true }
  return words.branches.contains { hasEmptyChoice($0.then) }
}

private func sentenceProblem(_ summary: String) -> String? {
  if summary.isEmpty { return "no summary" }
  if summary.contains(where: \.isNewline) { return "the summary is more than one line" }
  return summary.hasSuffix(".") ? nil : "the summary does not end in '.'"
}

private func counts(_ words: [String]) -> [(word: String, count: Int)] {
  var counts: [(word: String, count: Int)] = []
  for word in words {
    if let index = counts.firstIndex(where: { $0.word == word }) {
      counts[index].count += 1
    } else {
      counts.append((word, 1))
    }
  }
  return counts
}
