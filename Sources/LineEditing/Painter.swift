// What makes a terminal show the line, with messages above it.

/// Knows what of the line stands on the screen.  What it returns is to be written at once, in one piece.
struct Painter {
  /// Nil while there is nothing: the cursor stands at the begin of an empty row.
  private var drawn: LineLayout?
  private var columns = 80
  /// The terminal wraps rows anew that have become too wide.
  let rewraps: Bool

  /// - Parameter rewraps: what most terminals do; xterm and screen cut rows off.
  init(rewraps: Bool) { self.rewraps = rewraps }

  /// The screen is that wide now.
  mutating func resize(columns: Int) { self.columns = max(2, columns) }

  /// Shows the line below everything.
  ///
  /// - Parameter above: whole lines that come to stand above it.
  mutating func draw(_ layout: LineLayout, above: [UInt8] = []) -> [UInt8] {
    if above.isEmpty, layout == drawn { return [] }
    var output = home
    // Messages first need room; the line alone is written over what it was.
    if !above.isEmpty || drawn.map({ $0.columns != layout.columns }) ?? false {
      output += "\u{1b}[J".utf8
      output += above
    }
    for (index, row) in layout.rows.enumerated() {
      if index > 0 { output += "\r\n".utf8 }
      output += row.bytes
      // Behind a full row the cursor has not moved on yet: clearing would take its last character.
      if row.width < layout.columns { output += "\u{1b}[K".utf8 }
    }
    if let drawn, drawn.rows.count > layout.rows.count {
      output += "\r\n\u{1b}[J\u{1b}[A".utf8
    }
    output += Self.move(up: layout.rows.count - 1 - layout.cursor.row)
    output += "\r".utf8
    if layout.cursor.column > 0 { output += "\u{1b}[\(layout.cursor.column)C".utf8 }
    drawn = layout
    return output
  }

  /// Leaves the line where it is; what comes next stands below it.
  mutating func leave() -> [UInt8] {
    guard let drawn else { return [] }
    self.drawn = nil
    return Self.move(down: drawn.rows.count - 1 - drawn.cursor.row) + Array("\r\n".utf8)
  }

  /// Clears the screen.
  mutating func clear() -> [UInt8] {
    drawn = nil
    return Array("\u{1b}[H\u{1b}[2J".utf8)
  }

  /// To the first column of the first row of what is drawn.
  private var home: [UInt8] {
    guard let drawn else { return [] }
    var rows = drawn.cursor.row
    if columns < drawn.columns, rewraps {
      rows = drawn.cursor.column / columns
      for row in drawn.rows[..<drawn.cursor.row] {
        rows += max(1, (row.width + columns - 1) / columns)
      }
    }
    return Self.move(up: rows) + [0x0d]
  }

  private static func move(up rows: Int) -> [UInt8] {
    rows > 0 ? Array("\u{1b}[\(rows)A".utf8) : []
  }

  private static func move(down rows: Int) -> [UInt8] {
    rows > 0 ? Array("\u{1b}[\(rows)B".utf8) : []
  }
}
