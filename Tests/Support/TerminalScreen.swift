// What a person would see on a terminal.

/// A screen that is written to: rows, a cursor, wrapping, wide characters, and those control sequences that
/// programs under test may use (ECMA-48).  Anything else is noted in `unknown`, so that a test sees it.
package struct TerminalScreen {
  /// A cell holds a character with what combines with it; the right half of a wide one is empty.
  private typealias Cell = String
  private struct Row {
    var cells: [Cell] = []
    /// The next row goes on with the same line.
    var isWrapped = false

    var text: String {
      var text = cells.joined()
      while text.last == " " { text.removeLast() }
      return text
    }
  }

  package private(set) var columns: Int
  private var height: Int
  private var lines: [Row]
  private var scrolledOff: [Row] = []
  package private(set) var cursor = (row: 0, column: 0)
  private var wrapsNext = false
  private var pending: [UInt8] = []
  /// Sequences and control characters that are none of those known here.
  package private(set) var unknown: [String] = []
  package private(set) var bells = 0
  package private(set) var marksPastes = false
  /// What is wide, told apart from the program's own tables.
  private let wide: (Unicode.Scalar) -> Bool = { scalar in
    switch scalar.value {
    case 0x3000...0x30ff, 0x4e00...0x9fff, 0xac00...0xd7a3, 0x1f300...0x1faff: true
    default: false
    }
  }

  package init(rows: Int = 24, columns: Int = 80) {
    (height, self.columns) = (max(1, rows), max(1, columns))
    lines = Array(repeating: Row(), count: height)
  }

  /// What stands on the screen, without blanks at the rows' ends.
  package var rows: [String] { lines.map(\.text) }
  /// The same with what was scrolled off, and without empty rows at the end.
  package var everything: [String] {
    var all = (scrolledOff + lines).map(\.text)
    while all.last == "" { all.removeLast() }
    return all
  }

  // MARK: Writing

  package mutating func write(_ bytes: some Sequence<UInt8>) {
    pending += bytes
    var at = 0
    while at < pending.count, let length = take(at) { at += length }
    pending.removeFirst(at)
  }

  /// - Returns: how many bytes were taken; nil when more have to come first.
  private mutating func take(_ at: Int) -> Int? {
    switch pending[at] {
    case 0x1b: return takeSequence(at)
    case 0x07: bells += 1
    case 0x08: moveTo(cursor.row, cursor.column - 1)
    case 0x09: moveTo(cursor.row, (cursor.column / 8 + 1) * 8)
    case 0x0a: lineFeed()
    case 0x0d: moveTo(cursor.row, 0)
    case ..<0x20, 0x7f: unknown.append("\\x" + String(pending[at], radix: 16))
    default:
      let lead = pending[at]
      let length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
      guard pending.count - at >= length else { return nil }
      for scalar in String(decoding: pending[at..<(at + length)], as: UTF8.self).unicodeScalars {
        put(scalar)
      }
      return length
    }
    return 1
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    if (0x80...0x9f).contains(scalar.value) { return unknown.append("U+\(scalar.value)") }
    if scalar.properties.generalCategory == .nonspacingMark {
      let before = max(0, cursor.column - (wrapsNext ? 0 : 1))
      if before < lines[cursor.row].cells.count {
        lines[cursor.row].cells[before].unicodeScalars.append(scalar)
      }
      return
    }
    let width = wide(scalar) ? 2 : 1
    if wrapsNext || cursor.column + width > columns {
      lines[cursor.row].isWrapped = true
      lineFeed()
      cursor.column = 0
    }
    fill(to: cursor.column + width)
    lines[cursor.row].cells[cursor.column] = String(scalar)
    if width == 2 { lines[cursor.row].cells[cursor.column + 1] = "" }
    cursor.column += width
    wrapsNext = cursor.column == columns
    if wrapsNext { cursor.column -= 1 }
  }

  private mutating func fill(to count: Int) {
    while lines[cursor.row].cells.count < count { lines[cursor.row].cells.append(" ") }
  }

  private mutating func moveTo(_ row: Int, _ column: Int) {
    cursor = (min(max(0, row), height - 1), min(max(0, column), columns - 1))
    wrapsNext = false
  }

  private mutating func lineFeed() {
    wrapsNext = false
    if cursor.row < height - 1 {
      cursor.row += 1
    } else {
      scrolledOff.append(lines.removeFirst())
      lines.append(Row())
    }
  }

  // MARK: Sequences

  private mutating func takeSequence(_ at: Int) -> Int? {
    guard at + 1 < pending.count else { return nil }
    guard pending[at + 1] == UInt8(ascii: "[") else {
      unknown.append("ESC " + String(UnicodeScalar(pending[at + 1])))
      return 2
    }
    guard let end = pending[(at + 2)...].firstIndex(where: { (0x40...0x7e).contains($0) }) else {
      return nil
    }
    let parameters = String(decoding: pending[(at + 2)..<end], as: UTF8.self)
    let number = max(1, Int(parameters) ?? 1)
    switch pending[end] {
    case UInt8(ascii: "A"): moveTo(cursor.row - number, cursor.column)
    case UInt8(ascii: "B"): moveTo(cursor.row + number, cursor.column)
    case UInt8(ascii: "C"): moveTo(cursor.row, cursor.column + number)
    case UInt8(ascii: "H") where parameters.isEmpty: moveTo(0, 0)
    case UInt8(ascii: "K") where parameters.isEmpty: clearRow(from: cursor.column)
    case UInt8(ascii: "J") where parameters.isEmpty:
      clearRow(from: cursor.column)
      for row in lines.indices where row > cursor.row { lines[row] = Row() }
    case UInt8(ascii: "J") where parameters == "2":
      lines = Array(repeating: Row(), count: height)
    case UInt8(ascii: "m"): break
    case UInt8(ascii: "h") where parameters == "?2004": marksPastes = true
    case UInt8(ascii: "l") where parameters == "?2004": marksPastes = false
    default: unknown.append("CSI " + String(decoding: pending[(at + 2)...end], as: UTF8.self))
    }
    return end + 1 - at
  }

  /// With the cursor behind the last column its character goes, as on real terminals.
  private mutating func clearRow(from column: Int) {
    lines[cursor.row].cells = Array(lines[cursor.row].cells.prefix(column))
    lines[cursor.row].isWrapped = false
  }

  // MARK: Another size

  /// Gives the screen another width.  Lines are wrapped anew, as most terminals do; the cursor stays at its
  /// character.
  package mutating func resize(columns asked: Int) {
    let new = max(1, asked)
    var result: [Row] = []
    var place = (row: 0, column: 0)
    var line: [Cell] = []
    var offset: Int?
    let last = lines.lastIndex { !$0.cells.isEmpty } ?? 0
    for (index, row) in lines.enumerated() where index <= max(last, cursor.row) {
      if index == cursor.row { offset = line.count + cursor.column + (wrapsNext ? 1 : 0) }
      line += row.cells
      if row.isWrapped { continue }
      let wrapped = Self.wrap(line, new)
      if let here = offset {
        place = (result.count + min(here / new, wrapped.count - 1), min(here % new, new - 1))
        offset = nil
      }
      result += wrapped
      line = []
    }
    columns = new
    wrapsNext = false
    while result.count < height { result.append(Row()) }
    // What does not fit goes off at the top.
    let over = max(0, result.count - height)
    scrolledOff += result.prefix(over)
    lines = Array(result.dropFirst(over))
    moveTo(place.row - over, place.column)
  }

  private static func wrap(_ cells: [Cell], _ columns: Int) -> [Row] {
    var rows = [Row()]
    var at = 0
    while at < cells.count {
      let width = at + 1 < cells.count && cells[at + 1].isEmpty ? 2 : 1
      if rows[rows.count - 1].cells.count + width > columns {
        rows[rows.count - 1].isWrapped = true
        rows.append(Row())
      }
      rows[rows.count - 1].cells += cells[at..<(at + width)]
      at += width
    }
    return rows
  }
}
