/// Breaks a text at blanks into lines of at most `width` characters; a longer word has its own.
func wrapped(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  var length = 0
  for word in text.split(whereSeparator: \.isWhitespace) {
    let count = word.count
    if length > 0, length + 1 + count > width {
      lines.append(line)
      line = ""
      length = 0
    }
    line += length == 0 ? String(word) : " \(word)"
    length += length == 0 ? count : count + 1
  }
  return length == 0 ? lines : lines + [line]
}

/// Two columns: the terms, and beside them their meanings wrapped to `width`.  A term that is too
/// long for its column stands on a line of its own.
///
/// - Parameter terms: of all tables that share a column.
func columns(
  _ rows: [(term: String, meaning: String)], alignedWith terms: [String], width: Int
) -> [String] {
  let widest = 28
  let column = (terms.map(\.count).filter { $0 <= widest }.max() ?? widest) + 4
  let blank = String(repeating: " ", count: column)
  var lines: [String] = []
  for (term, meaning) in rows {
    var meaning = wrapped(meaning, width: max(width - column, 20))[...]
    let start = "  \(term)"
    if term.count <= column - 4, let first = meaning.popFirst() {
      lines.append(start + blank.dropFirst(start.count) + first)
    } else {
      lines.append(start)
    }
    lines += meaning.map { blank + $0 }
  }
  return lines
}
