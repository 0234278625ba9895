// What Tab does.

import Rendering

/// What a word may become.
package struct Completion: Sendable {
  package struct Candidate: Hashable, Sendable {
    /// What replaces the word: quoted as the line wants it, with a blank behind where the word is whole.
    package var text: String
    /// One line.
    package var help: String

    package init(_ text: String, help: String = "") {
      self.text = text
      self.help = help
    }
  }

  /// Where the word begins, in Unicode scalars from the line's begin.
  package var start: Int
  package var candidates: [Candidate]

  package init(from start: Int, _ candidates: [Candidate]) {
    self.start = start
    self.candidates = candidates
  }

  /// What all candidates begin with.
  var commonPrefix: [UInt32] {
    guard var prefix = candidates.first?.text.unicodeScalars.map(\.value)[...] else { return [] }
    for candidate in candidates.dropFirst() {
      let text = candidate.text.unicodeScalars.map(\.value)
      var common = 0
      while common < min(prefix.count, text.count), prefix[common] == text[common] { common += 1 }
      prefix = prefix.prefix(common)
    }
    return Array(prefix)
  }

  /// The candidates, a line each with its help, cut to the width.
  func list(columns: Int, rows: Int) -> [UInt8] {
    let shown =
      candidates.count <= max(rows, 2) ? candidates[...] : candidates.prefix(max(rows, 2) - 1)
    let widest = shown.map { Self.width($0.text) }.max() ?? 0
    var text = ""
    for candidate in shown {
      var line = SafeText.escaped(candidate.text.utf8)
      if !candidate.help.isEmpty {
        let blanks = min(widest, Self.mostPadding) - Self.width(candidate.text)
        line += String(repeating: " ", count: max(0, blanks) + 2)
        line += SafeText.escaped(candidate.help.utf8)
      }
      text += Self.cut(line, columns) + "\n"
    }
    if shown.count < candidates.count { text += "… and \(candidates.count - shown.count) more\n" }
    return Array(text.utf8)
  }

  private static let mostPadding = 32

  private static func width(_ text: String) -> Int {
    SafeText.escaped(text.utf8).unicodeScalars.reduce(0) { $0 + CellWidth.of($1.value) }
  }

  private static func cut(_ line: String, _ columns: Int) -> String {
    var result = String.UnicodeScalarView()
    var width = 0
    for scalar in line.unicodeScalars {
      width += CellWidth.of(scalar.value)
      if width > columns { break }
      result.append(scalar)
    }
    return String(result)
  }
}
