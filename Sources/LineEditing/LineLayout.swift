// Prompt and line, laid out in the rows of a terminal.

import Rendering

/// Rows no wider than the terminal, and where the cursor is among them.  Each row ends where we say, not
/// where the terminal would wrap: so we know what stands where, whatever it thinks of wide characters.
struct LineLayout: Hashable {
  struct Row: Hashable {
    var bytes: [UInt8] = []
    var width = 0
  }

  private(set) var rows = [Row()]
  private(set) var cursor = Place(row: 0, column: 0)
  let columns: Int
  /// The cursor comes to stand at what is placed next.
  private var awaitsCursor = false

  struct Place: Hashable {
    var row: Int
    var column: Int
  }

  /// - Parameters:
  ///   - cursor: its place in the line; nil for the line's end.
  ///   - height: of the terminal; of what is higher, the part around the cursor is shown.
  init(
    _ prompt: Prompt, _ line: [UInt32], cursor place: Int?, isColoured: Bool, columns: Int,
    height: Int
  ) {
    // A wide character has to fit.
    self.columns = max(2, columns)
    for piece in prompt.pieces {
      let sequence = isColoured ? piece.style.sequence : ""
      rows[rows.count - 1].bytes += sequence.utf8
      for scalar in piece.text.unicodeScalars { append(scalar.value) }
      if !sequence.isEmpty { rows[rows.count - 1].bytes += "\u{1b}[m".utf8 }
    }
    for (index, scalar) in line.enumerated() {
      if index == place { awaitsCursor = true }
      append(scalar)
    }
    if place.map({ $0 >= line.count }) ?? true {
      // Behind a full row the next one begins.
      if rows[rows.count - 1].width == self.columns { rows.append(Row()) }
      awaitsCursor = true
    }
    settleCursor()
    cut(to: max(1, height))
  }

  private mutating func append(_ scalar: UInt32) {
    switch scalar {
    case 0x20...0x7e: place(scalar, width: 1)
    case 0x0a:
      settleCursor()
      rows.append(Row())
    case 0x09: for _ in 0..<(8 - rows[rows.count - 1].width % 8) { place(0x20, width: 1) }
    default:
      let text = SafeText.escaped(String(Unicode.Scalar(scalar) ?? "\u{fffd}").utf8)
      for shown in text.unicodeScalars { place(shown.value, width: CellWidth.of(shown.value)) }
    }
  }

  private mutating func place(_ scalar: UInt32, width: Int) {
    if rows[rows.count - 1].width + width > columns { rows.append(Row()) }
    settleCursor()
    rows[rows.count - 1].bytes += String(Unicode.Scalar(scalar) ?? "\u{fffd}").utf8
    rows[rows.count - 1].width += width
  }

  private mutating func settleCursor() {
    if !awaitsCursor { return }
    awaitsCursor = false
    cursor = Place(row: rows.count - 1, column: min(rows[rows.count - 1].width, columns - 1))
  }

  private mutating func cut(to height: Int) {
    if rows.count <= height { return }
    let first = min(max(0, cursor.row - height / 2), rows.count - height)
    rows = Array(rows[first..<(first + height)])
    cursor.row -= first
  }
}
