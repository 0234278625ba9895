// A payload that is JSON, put into other JSON.

import MQTTProtocol

/// Checks a JSON text (RFC 8259) and writes it without its white space, or laid out anew.  Numbers and
/// strings stay as they were written.
struct JSONCopy {
  private(set) var tokens: JSONTokens
  /// True for each open object, false for each open array.
  private var open: [Bool] = []

  /// Deeper than this is refused, as cJSON does.
  static let deepest = 1000
  /// Why `value` gave up.
  private(set) var isTooDeep = false

  /// - Returns: false when the bytes are no JSON text; what was appended then is of no use.
  static func append(
    _ bytes: UnsafeRawBufferPointer, _ writer: inout JSONWriter, _ output: inout ByteBuffer
  ) -> Bool {
    // JSON is UTF-8 (§8.1), and no NUL is white space or may stand in a string.
    if UTF8String.fault(in: bytes) != nil { return false }
    var copy = JSONCopy(JSONTokens(bytes))
    output.reserve(bytes.count)
    return copy.value(&writer, &output) && copy.tokens.peek() == nil
  }

  init(_ tokens: JSONTokens) { self.tokens = tokens }

  /// One value and everything in it.
  mutating func value(_ writer: inout JSONWriter, _ output: inout ByteBuffer) -> Bool {
    while true {
      switch tokens.next() {
      case UInt8(ascii: "{"):
        guard hasRoom() else { return false }
        writer.beginObject(&output)
        open.append(true)
        if tokens.peek() == UInt8(ascii: "}") { break }
        guard key(&writer, &output) else { return false }
        continue
      case UInt8(ascii: "["):
        guard hasRoom() else { return false }
        writer.beginArray(&output)
        open.append(false)
        if tokens.peek() == UInt8(ascii: "]") { break }
        continue
      case UInt8(ascii: "\""):
        guard let text = tokens.string() else { return false }
        writer.beginValue(&output)
        append(quoted: text, &output)
      case UInt8(ascii: "t"): guard word("true", &writer, &output) else { return false }
      case UInt8(ascii: "f"): guard word("false", &writer, &output) else { return false }
      case UInt8(ascii: "n"): guard word("null", &writer, &output) else { return false }
      case let byte?:
        guard let range = tokens.number(byte) else { return false }
        writer.beginValue(&output)
        output.append(UnsafeRawBufferPointer(rebasing: tokens.bytes[range]))
      case nil: return false
      }
      // Behind a value: close what ends here, or go on to the next one.
      scan: while true {
        guard let isObject = open.last else { return true }
        switch tokens.next() {
        case UInt8(ascii: ","):
          if isObject, !key(&writer, &output) { return false }
          break scan
        case UInt8(ascii: "}") where isObject:
          open.removeLast()
          writer.endObject(inArray: open.last == false, &output)
        case UInt8(ascii: "]") where !isObject:
          open.removeLast()
          writer.endArray(inArray: open.last == false, &output)
        default: return false
        }
      }
    }
  }

  private mutating func hasRoom() -> Bool {
    isTooDeep = open.count == Self.deepest
    return !isTooDeep
  }

  private mutating func key(_ writer: inout JSONWriter, _ output: inout ByteBuffer) -> Bool {
    guard tokens.next() == UInt8(ascii: "\""), let text = tokens.string() else { return false }
    writer.beginKey(&output)
    append(quoted: text, &output)
    guard tokens.next() == UInt8(ascii: ":") else { return false }
    writer.endKey(&output)
    return true
  }

  private func append(quoted text: JSONTokens.Text, _ output: inout ByteBuffer) {
    let range = (text.range.lowerBound - 1)..<(text.range.upperBound + 1)
    output.append(UnsafeRawBufferPointer(rebasing: tokens.bytes[range]))
  }

  private mutating func word(
    _ word: StaticString, _ writer: inout JSONWriter, _ output: inout ByteBuffer
  ) -> Bool {
    guard tokens.word(word) else { return false }
    writer.literal(word, &output)
    return true
  }
}
