// A payload that is JSON, put into other JSON.

import MQTTProtocol

/// Checks a JSON text (RFC 8259) and writes it without its white space, or laid out anew.  Numbers and
/// strings stay as they were written.
struct JSONCopy {
  private(set) var tokens: JSONTokens
  private var open = Nesting()

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
        open.begin(isObject: true)
        if tokens.peek() == UInt8(ascii: "}") { break }
        guard key(&writer, &output) else { return false }
        continue
      case UInt8(ascii: "["):
        guard hasRoom() else { return false }
        writer.beginArray(&output)
        open.begin(isObject: false)
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
        guard let isObject = open.isInObject else { return true }
        switch tokens.next() {
        case UInt8(ascii: ","):
          if isObject, !key(&writer, &output) { return false }
          break scan
        case UInt8(ascii: "}") where isObject:
          open.end()
          writer.endObject(inArray: open.isInObject == false, &output)
        case UInt8(ascii: "]") where !isObject:
          open.end()
          writer.endArray(inArray: open.isInObject == false, &output)
        default: return false
        }
      }
    }
  }

  private mutating func hasRoom() -> Bool {
    isTooDeep = open.depth == Self.deepest
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

/// Which objects and arrays are open.
private struct Nesting {
  private(set) var depth = 0
  /// A bit for each of the innermost 64, the last one lowest: 1 for an object.
  private var near: UInt64 = 0
  /// The ones around them, 64 a word.
  private var far: [UInt64] = []

  /// Nil outside of everything.
  var isInObject: Bool? { depth == 0 ? nil : near & 1 == 1 }

  mutating func begin(isObject: Bool) {
    if depth > 0, depth % 64 == 0 { far.append(near) }
    near = near << 1 | (isObject ? 1 : 0)
    depth += 1
  }

  mutating func end() {
    near >>= 1
    depth -= 1
    if depth > 0, depth % 64 == 0, let around = far.popLast() { near = around }
  }
}
