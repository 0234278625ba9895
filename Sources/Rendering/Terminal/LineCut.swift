// What of a text fits into one line of a terminal.

import MQTTProtocol

/// Cuts text to a number of columns, and clears what they leave of the line.  Escape sequences take none
/// and stay whole; what would leave the line, newlines and tabs among it, becomes a blank.
enum LineCut {
  static func append(
    _ text: UnsafeRawBufferPointer, columns: Int, to output: inout ByteBuffer
  ) {
    let mark = output.count
    var free = columns
    var at = 0
    var hasSequence = false
    while at < text.count {
      let length: Int
      if text[at] == 0x1b {
        length = sequenceLength(in: text, at: at)
        hasSequence = true
      } else if text[at] < 0x20, text[at] != 7 {
        if free == 0 { break }
        free -= 1
        output.append(UInt8(ascii: " "))
        at += 1
        continue
      } else {
        let scalar = UTF8Scalar(in: text, at: at)
        let width = scalar.map { CellWidth.of($0.value) } ?? 1
        if width > free { break }
        free -= width
        length = scalar?.length ?? 1
      }
      // Combining characters without end would take no columns.
      if output.count - mark + length > mostBytes(columns) { break }
      output.append(UnsafeRawBufferPointer(rebasing: text[at..<(at + length)]))
      at += length
    }
    // A colour must not reach beyond what was cut off.
    if at < text.count, hasSequence { output.append(Array("\u{1b}[m".utf8)) }
    // Behind the last column the cursor has not moved on yet: clearing would take its character.
    if free > 0 { output.append(Array("\u{1b}[K".utf8)) }
  }

  private static func mostBytes(_ columns: Int) -> Int {
    columns.multipliedReportingOverflow(by: 16).overflow ? .max : 16 * columns + 64
  }

  /// `ESC [ … LETTER`, or ESC and one byte.
  private static func sequenceLength(in text: UnsafeRawBufferPointer, at place: Int) -> Int {
    guard place + 1 < text.count else { return 1 }
    guard text[place + 1] == UInt8(ascii: "[") else { return 2 }
    var end = place + 2
    while end < text.count, (0x20...0x3f).contains(text[end]) { end += 1 }
    return min(end + 1, text.count) - place
  }
}
