// JSON, token by token.

import MQTTProtocol

/// Writes JSON into a buffer: compact, or with a line for each member.
///
/// The caller names the tokens in order; commas, colons, line breaks and tabs are the writer's.
struct JSONWriter {
  let isPretty: Bool
  private(set) var depth = 0
  /// Nothing stands in the object or array that is open.
  private var isEmpty = true
  /// The last token was a key.
  private var isAfterKey = false
  private var isInArray = false

  init(isPretty: Bool) { self.isPretty = isPretty }

  // MARK: Structure

  mutating func beginObject(_ output: inout ByteBuffer) { begin(UInt8(ascii: "{"), &output) }
  mutating func beginArray(_ output: inout ByteBuffer) {
    begin(UInt8(ascii: "["), &output)
    isInArray = true
  }

  private mutating func begin(_ bracket: UInt8, _ output: inout ByteBuffer) {
    beginValue(&output)
    output.append(bracket)
    depth += 1
    isEmpty = true
    isInArray = false
  }

  mutating func endObject(inArray isInArray: Bool, _ output: inout ByteBuffer) {
    depth -= 1
    if isPretty, !isEmpty { breakLine(&output) }
    output.append(UInt8(ascii: "}"))
    self.isInArray = isInArray
    isEmpty = false
  }

  mutating func endArray(inArray isInArray: Bool, _ output: inout ByteBuffer) {
    depth -= 1
    output.append(UInt8(ascii: "]"))
    self.isInArray = isInArray
    isEmpty = false
  }

  /// Before a key of the open object; the key follows, then `endKey`.
  mutating func beginKey(_ output: inout ByteBuffer) {
    if !isEmpty { output.append(UInt8(ascii: ",")) }
    isEmpty = false
    if isPretty { breakLine(&output) }
  }

  mutating func endKey(_ output: inout ByteBuffer) {
    output.append(UInt8(ascii: ":"))
    if isPretty { output.append(UInt8(ascii: "\t")) }
    isAfterKey = true
  }

  mutating func key(_ name: StaticString, _ output: inout ByteBuffer) {
    beginKey(&output)
    output.append(UInt8(ascii: "\""))
    output.append(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    output.append(UInt8(ascii: "\""))
    endKey(&output)
  }

  /// Before a value, whatever it is.
  mutating func beginValue(_ output: inout ByteBuffer) {
    if isInArray, !isAfterKey, !isEmpty {
      output.append(UInt8(ascii: ","))
      if isPretty { output.append(UInt8(ascii: " ")) }
    }
    isAfterKey = false
    isEmpty = false
  }

  private func breakLine(_ output: inout ByteBuffer) {
    output.append(UInt8(ascii: "\n"))
    output.append(repeating: UInt8(ascii: "\t"), depth)
  }

  // MARK: Values

  mutating func number(_ number: Int, _ output: inout ByteBuffer) {
    beginValue(&output)
    output.append(decimal: number)
  }

  mutating func literal(_ word: StaticString, _ output: inout ByteBuffer) {
    beginValue(&output)
    output.append(UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  /// - Parameter text: well-formed UTF-8.
  mutating func string(_ text: UnsafeRawBufferPointer, _ output: inout ByteBuffer) {
    beginValue(&output)
    Self.quote(text, &output)
  }

  /// Appends UTF-8 text in quotes, with what JSON does not allow in a string escaped (RFC 8259 §7).
  static func quote(_ text: UnsafeRawBufferPointer, _ output: inout ByteBuffer) {
    output.reserve(text.count + 2)
    output.append(UInt8(ascii: "\""))
    var begin = 0
    while true {
      let end = JSONText.endOfPlain(in: text, from: begin)
      output.append(UnsafeRawBufferPointer(rebasing: text[begin..<end]))
      if end == text.count { break }
      escape(text[end], &output)
      begin = end + 1
    }
    output.append(UInt8(ascii: "\""))
  }

  private static func escape(_ byte: UInt8, _ output: inout ByteBuffer) {
    output.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x22, 0x5c: output.append(byte)
    case 0x08: output.append(UInt8(ascii: "b"))
    case 0x09: output.append(UInt8(ascii: "t"))
    case 0x0a: output.append(UInt8(ascii: "n"))
    case 0x0c: output.append(UInt8(ascii: "f"))
    case 0x0d: output.append(UInt8(ascii: "r"))
    default:
      output.append(UInt8(ascii: "u"))
      output.append(hex: UInt32(byte), digits: 4)
    }
  }
}
