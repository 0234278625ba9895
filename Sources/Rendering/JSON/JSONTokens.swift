// JSON token by token (RFC 8259).

import MQTTProtocol

/// Reads tokens where they lie.  What is not right makes the answer nil or false.
struct JSONTokens {
  let bytes: UnsafeRawBufferPointer
  private(set) var position = 0

  /// - Parameter bytes: well-formed UTF-8.
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// What to say where the last byte that was read is not right.
  var fault: JSONFault { JSONFault("no JSON at byte \(max(position, 1))") }

  /// A string, without its quotes.
  struct Text {
    var range: Range<Int>
    var hasEscapes: Bool
  }

  /// The next byte that is no white space.
  mutating func next() -> UInt8? {
    guard let byte = peek() else { return nil }
    position += 1
    return byte
  }

  mutating func peek() -> UInt8? {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      case let byte: return byte
      }
    }
    return nil
  }

  // MARK: Strings

  /// A string whose opening quote was read.
  mutating func string() -> Text? {
    let start = position
    var hasEscapes = false
    while true {
      position = JSONText.endOfPlain(in: bytes, from: position)
      guard position < bytes.count else { return nil }
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return Text(range: start..<(position - 1), hasEscapes: hasEscapes)
      case UInt8(ascii: "\\"):
        guard escape() else { return nil }
        hasEscapes = true
      default: return nil
      }
    }
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

  /// The digits of `\uNNNN`; a surrogate needs its other half (§7), which parsers insist on.
  private mutating func unit() -> Bool {
    guard let unit = hex() else { return false }
    guard (0xd800...0xdfff).contains(unit) else { return true }
    guard unit < 0xdc00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")), let low = hex()
    else { return false }
    return (0xdc00...0xdfff).contains(low)
  }

  private mutating func hex() -> UInt16? {
    guard position + 4 <= bytes.count else { return nil }
    defer { position += 4 }
    return Self.hex(bytes, at: position)
  }

  static func hex(_ bytes: UnsafeRawBufferPointer, at place: Int) -> UInt16? {
    var unit: UInt16 = 0
    for digit in bytes[place..<(place + 4)] {
      switch digit {
      case 0x30...0x39: unit = unit << 4 | UInt16(digit - 0x30)
      case 0x41...0x46: unit = unit << 4 | UInt16(digit - 0x41 + 10)
      case 0x61...0x66: unit = unit << 4 | UInt16(digit - 0x61 + 10)
      default: return nil
      }
    }
    return unit
  }

  // MARK: Words and numbers

  /// A word whose first letter was read.
  mutating func word(_ word: StaticString) -> Bool {
    let rest = UnsafeRawBufferPointer(rebasing: bytes[(position - 1)...])
    let wanted = UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard rest.starts(with: wanted) else { return false }
    position += wanted.count - 1
    return true
  }

  /// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`, whose first byte was read.
  mutating func number(_ first: UInt8) -> Range<Int>? {
    let start = position - 1
    var lead = first
    if first == UInt8(ascii: "-") {
      guard position < bytes.count else { return nil }
      lead = bytes[position]
      position += 1
    }
    switch lead {
    case UInt8(ascii: "0"): break
    case UInt8(ascii: "1")...UInt8(ascii: "9"): _ = digits()
    default: return nil
    }
    if take(UInt8(ascii: ".")), digits() == 0 { return nil }
    if take(UInt8(ascii: "e"), or: UInt8(ascii: "E")) {
      _ = take(UInt8(ascii: "+"), or: UInt8(ascii: "-"))
      if digits() == 0 { return nil }
    }
    return start..<position
  }

  private mutating func digits() -> Int {
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    return position - start
  }

  private mutating func take(_ byte: UInt8, or other: UInt8? = nil) -> Bool {
    guard position < bytes.count, bytes[position] == byte || bytes[position] == other
    else { return false }
    position += 1
    return true
  }
}

extension ByteBuffer {
  /// Appends what a string of JSON means.
  mutating func append(_ text: JSONTokens.Text, of bytes: UnsafeRawBufferPointer) {
    guard text.hasEscapes else {
      return append(UnsafeRawBufferPointer(rebasing: bytes[text.range]))
    }
    var at = text.range.lowerBound
    while at < text.range.upperBound {
      let byte = bytes[at]
      at += 1
      guard byte == UInt8(ascii: "\\") else {
        append(byte)
        continue
      }
      let letter = bytes[at]
      at += 1
      switch letter {
      case UInt8(ascii: "b"): append(0x08 as UInt8)
      case UInt8(ascii: "f"): append(0x0c as UInt8)
      case UInt8(ascii: "n"): append(0x0a as UInt8)
      case UInt8(ascii: "r"): append(0x0d as UInt8)
      case UInt8(ascii: "t"): append(0x09 as UInt8)
      case UInt8(ascii: "u"):
        var scalar = UInt32(JSONTokens.hex(bytes, at: at) ?? 0)
        at += 4
        if scalar & 0xfc00 == 0xd800 {
          let low = UInt32(JSONTokens.hex(bytes, at: at + 2) ?? 0)
          scalar = 0x10000 + (scalar & 0x3ff) << 10 + low & 0x3ff
          at += 6
        }
        for byte in UTF8.encode(Unicode.Scalar(scalar) ?? "\u{fffd}")
          ?? UTF8.encodedReplacementCharacter
        { append(byte) }
      default: append(letter)
      }
    }
  }
}
