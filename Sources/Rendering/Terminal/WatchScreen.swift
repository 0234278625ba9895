// `--watch`: a screen on which each topic has a line.

import MQTTProtocol

/// How large a terminal is, in characters.
package struct ScreenSize: Hashable, Sendable {
  package var columns: Int
  package var rows: Int

  package init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }
}

/// Line 1 names the broker, each topic's last message stands in the line that it got when the topic came
/// first, and the last line tells how many topics found no room.  The cursor rests below it all.
///
/// Only what a screen holds is kept, and of topics a hash.
package struct WatchScreen: Sendable {
  private let title: [UInt8]
  /// Nil where there is no screen but a pipe: no end to its rows and columns, and nothing is kept.
  private var size: ScreenSize?
  /// Rows, from 2 on, by the hash of their topic.
  private var rows: [Int: Int] = [:]
  /// What stands from row 2 on.
  private var lines: [[UInt8]] = []
  private var changed: Set<Int> = []
  private var needsAll = true

  /// No further topics are told apart.
  private static let most = 100_000

  /// - Parameter broker: its name.
  package init(broker: String) {
    title = Array("Broker: \(SafeText.escaped(broker.utf8))".utf8)
  }

  /// Tells how large the screen is now.
  package mutating func resize(to size: ScreenSize?) {
    if size == self.size { return }
    self.size = size
    needsAll = true
    let visible = visibleRows ?? 0
    if lines.count > visible { lines.removeSubrange(visible...) }
    while lines.count < min(visible, rows.count) { lines.append([]) }
  }

  /// Puts a message into its topic's line; `draw` shows it.
  package mutating func set(
    topic: UnsafeRawBufferPointer, to text: UnsafeRawBufferPointer, on output: inout ByteBuffer
  ) {
    var hasher = Hasher()
    hasher.combine(bytes: topic)
    let key = hasher.finalize()
    let row: Int
    if let known = rows[key] {
      row = known
    } else {
      if rows.count == Self.most { return }
      row = rows.count + 2
      rows[key] = row
    }
    guard let size else {
      place(row, &output)
      LineCut.append(text, columns: .max, to: &output)
      return
    }
    guard row < size.rows else { return }
    var line = ByteBuffer()
    LineCut.append(text, columns: size.columns, to: &line)
    if row - 2 == lines.count { lines.append([]) }
    lines[row - 2] = line.array
    changed.insert(row)
  }

  /// Appends what makes the screen show what has changed since the last time.
  package mutating func draw(on output: inout ByteBuffer) {
    guard needsAll || !changed.isEmpty || hasMoreThanShown else { return }
    if needsAll {
      output.append(Array("\u{1b}[2J\u{1b}[1;1H".utf8))
      title.withUnsafeBytes { LineCut.append($0, columns: size?.columns ?? .max, to: &output) }
      if size == nil { output.append(UInt8(ascii: "\n")) }
      changed = Set(lines.indices.map { $0 + 2 })
    }
    needsAll = false
    for row in changed.sorted() {
      place(row, &output)
      lines[row - 2].withUnsafeBytes { output.append($0) }
    }
    changed = []
    rest(&output)
  }

  private var toldMore = 0
  private var more: Int { max(0, rows.count - (visibleRows ?? .max)) }
  private var hasMoreThanShown: Bool { more != toldMore }
  private var visibleRows: Int? { size.map { max(0, $0.rows - 2) } }

  /// Where the cursor waits, and messages on standard error come to stand.
  private mutating func rest(_ output: inout ByteBuffer) {
    guard let size else { return }
    place(min(rows.count + 2, max(size.rows, 1)), &output)
    toldMore = more
    if more == 0 { return }
    let text = rows.count == Self.most ? "… and many more" : "… and \(more) more"
    Array(text.utf8).withUnsafeBytes { LineCut.append($0, columns: size.columns, to: &output) }
  }

  /// Appends what leaves the cursor in a free line below everything.
  package mutating func finish(on output: inout ByteBuffer) {
    draw(on: &output)
    if size == nil {
      place(rows.count + 2, &output)
    } else if more > 0 {
      output.append(0x0a as UInt8)
    }
  }

  private func place(_ row: Int, _ output: inout ByteBuffer) {
    output.append(Array("\u{1b}[".utf8))
    output.append(decimal: row)
    output.append(Array(";1H".utf8))
  }
}
