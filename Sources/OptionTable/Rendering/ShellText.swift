/// What the completions share.
extension String {
  /// A word that bash and zsh take as it is.
  var singleQuoted: String {
    "'" + escaping { $0 == "'" ? "'\\''" : nil } + "'"
  }

  /// The text with some characters replaced.
  func escaping(_ replacement: (Character) -> String?) -> String {
    reduce(into: "") { $0 += replacement($1) ?? String($1) }
  }
}

extension Words {
  /// Visits every place in the words: the words that lead to it (nil is any word; the first place
  /// has none), and what may stand there (nothing where any word may).
  func walk(from path: [String?] = [], _ visit: (_ path: [String?], _ offers: [String]) -> Void) {
    guard self != .end else { return }
    visit(path, branches.compactMap(\.word))
    for (word, then) in branches { then.walk(from: path + [word], visit) }
  }
}
