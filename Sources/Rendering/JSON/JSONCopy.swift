// A payload that is JSON, put into other JSON.

import MQTTProtocol

/// Checks a JSON text (RFC 8259) and writes it without its white space, or laid out anew.  Numbers and
/// strings stay as they were written.
struct JSONCopy {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  /// True for each open object, false for each open array.
  private var open: [Bool] = []

  /// Deeper than this is refused, as cJSON does.
  private static let deepest = 1000

  /// - Returns: false when the bytes are no JSON text; what was appended then is of no use.
  static func append(
    _ bytes: UnsafeRawBufferPointer, _ writer: inout JSONWriter, _ output: inout ByteBuffer
  ) -> Bool {
    // JSON is UTF-8 (§8.1), and no NUL is white space or may stand in a string.
    if UTF8String.fault(in: bytes) != nil { return false }
    var copy = JSONCopy(bytes: bytes)
    output.reserve(bytes.count)
    return copy.value(&writer, &output)
  }

  private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// One value and everything in it, then nothing but white space.
  private mutating func value(_ writer: inout JSONWriter, _ output: inout ByteBuffer) -> Bool {
    while true {
      switch next() {
      case UInt8(ascii: "{"):
        guard open.count < Self.deepest else { return false }
        writer.beginObject(&output)
        open.append(true)
        if peek() == UInt8(ascii: "}") { break }
        guard key(&writer, &output) else { return false }
        continue
      case UInt8(ascii: "["):
        guard open.count < Self.deepest else { return false }
        writer.beginArray(&output)
        open.append(false)
        if peek() == UInt8(ascii: "]") { break }
        continue
      case UInt8(ascii: "\""):
        guard string(from: position - 1, isValue: true, &writer, &output) else { return false }
      case UInt8(ascii: "t"): guard word("true", &writer, &output) else { return false }
      case UInt8(ascii: "f"): guard word("false", &writer, &output) else { return false }
      case UInt8(ascii: "n"): guard word("null", &writer, &output) else { return false }
      case let byte?: guard number(byte, &writer, &output) else { return false }
      case nil: return false
      }
      // Behind a value: close what ends here, or go on to the next one.
      scan: while true {
        guard let isObject = open.last else { return peek() == nil }
        switch next() {
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

  private mutating func key(_ writer: inout JSONWriter, _ output: inout ByteBuffer) -> Bool {
    guard next() == UInt8(ascii: "\"") else { return false }
    writer.beginKey(&output)
    guard string(from: position - 1, isValue: false, &writer, &output) else { return false }
    guard next() == UInt8(ascii: ":") else { return false }
    writer.endKey(&output)
    return true
  }

  // MARK: Tokens

  /// The next byte that is no white space.
  private mutating func next() -> UInt8? {
    guard let byte = peek() else { return nil }
    position += 1
    return byte
  }

  private mutating func peek() -> UInt8? {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      case let byte: return byte
      }
    }
    return nil
  }

  /// Copies a string whose opening quote was read.
  private mutating func string(
    from start: Int, isValue: Bool, _ writer: inout JSONWriter, _ output: inout ByteBuffer
  ) -> Bool {
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        if isValue { writer.beginValue(&output) }
        output.append(UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
        return true
      case UInt8(ascii: "\\"): guard escape() else { return false }
      case ..<0x20: return false
      default: break
      }
    }
    return false
  }

  private mutating func escape() -> Bool {
    guard position < bytes.count else { return false }
    let letter = bytes[position]
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return true
    case UInt8(ascii: "u"): return unit()
    default: return false
    }
  }

  /// The digits of `\uXXXX`; a surrogate needs its other half (§7), which parsers insist on.
  private mutating func unit() -> Bool {
    guard let unit = hex() else { return false }
    guard (0xd800...0xdfff).contains(unit) else { return true }
    guard unit < 0xdc00, take([UInt8(ascii: "\\")]), take([UInt8(ascii: "u")]), let low = hex()
    else { return false }
    return (0xdc00...0xdfff).contains(low)
  }

  private mutating func hex() -> UInt16? {
    guard position + 4 <= bytes.count else { return nil }
    defer { position += 4 }
    var unit: UInt16 = 0
    for digit in bytes[position..<(position + 4)] {
      switch digit {
      case 0x30...0x39: unit = unit << 4 | UInt16(digit - 0x30)
      case 0x41...0x46: unit = unit << 4 | UInt16(digit - 0x41 + 10)
      case 0x61...0x66: unit = unit << 4 | UInt16(digit - 0x61 + 10)
      default: return nil
      }
    }
    return unit
  }

  private mutating func word(
    _ word: StaticString, _ writer: inout JSONWriter, _ output: inout ByteBuffer
  ) -> Bool {
    let rest = UnsafeRawBufferPointer(rebasing: bytes[(position - 1)...])
    let wanted = UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard rest.starts(with: wanted) else { return false }
    position += wanted.count - 1
    writer.literal(word, &output)
    return true
  }

  /// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`, whose first byte was read.
  private mutating func number(
    _ first: UInt8, _ writer: inout JSONWriter, _ output: inout ByteBuffer
  ) -> Bool {
    let start = position - 1
    var lead = first
    if first == UInt8(ascii: "-") {
      guard position < bytes.count else { return false }
      lead = bytes[position]
      position += 1
    }
    switch lead {
    case UInt8(ascii: "0"): break
    case UInt8(ascii: "1")...UInt8(ascii: "9"): _ = digits()
    default: return false
    }
    if take([UInt8(ascii: ".")]), digits() == 0 { return false }
    if take([UInt8(ascii: "e"), UInt8(ascii: "E")]) {
      _ = take([UInt8(ascii: "+"), UInt8(ascii: "-")])
      if digits() == 0 { return false }
    }
    writer.beginValue(&output)
    output.append(UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
    return true
  }

  private mutating func digits() -> Int {
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    return position - start
  }

  private mutating func take(_ choices: [UInt8]) -> Bool {
    guard position < bytes.count, choices.contains(bytes[position]) else { return false }
    position += 1
    return true
  }
}
