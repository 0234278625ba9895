/// Rows of words in columns: the first flush left, the others flush right.
struct TextTable {
  private let rows: [[String]]

  init(_ rows: [[String]]) { self.rows = rows }

  var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, word) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - word.count)
        line += column == 0 ? word + space : "  " + space + word
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
