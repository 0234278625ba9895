// A JSON text as a tree: for what is read and written once, not for messages.

import MQTTProtocol

/// A value of JSON (RFC 8259 §3).
package indirect enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// Written without fraction and exponent, and within 64 bits.
  case integer(Int64)
  case real(Double)
  case string(String)
  case array([JSONValue])
  case object([Member])

  package struct Member: Hashable, Sendable {
    package var name: String
    package var value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// Deeper than this is refused.
  static let deepest = 100

  /// Takes in one JSON text.
  package init(_ text: [UInt8]) throws(JSONFault) {
    self = try text.withUnsafeBufferPointer { (text) throws(JSONFault) -> JSONValue in
      let bytes = UnsafeRawBufferPointer(text)
      if UTF8String.fault(in: bytes) != nil { throw JSONFault("not UTF-8 text") }
      var reader = JSONTreeReader(tokens: JSONTokens(bytes))
      return try reader.text()
    }
  }

  /// The first member of that name; nil where there is none, or this is no object.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }
}

private struct JSONTreeReader {
  var tokens: JSONTokens

  mutating func text() throws(JSONFault) -> JSONValue {
    let value = try value(depth: 0)
    if tokens.peek() != nil { throw JSONFault("more than one JSON value") }
    return value
  }

  private var malformed: JSONFault { tokens.fault }

  private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
    if depth > JSONValue.deepest {
      throw JSONFault("JSON in more than \(JSONValue.deepest) levels")
    }
    switch tokens.next() {
    case UInt8(ascii: "{"): return .object(try members(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try elements(depth: depth + 1))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t") where tokens.word("true"): return .bool(true)
    case UInt8(ascii: "f") where tokens.word("false"): return .bool(false)
    case UInt8(ascii: "n") where tokens.word("null"): return .null
    case let byte?: return try number(byte)
    case nil: throw malformed
    }
  }

  private mutating func members(depth: Int) throws(JSONFault) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    if take("}") { return members }
    while true {
      guard take("\"") else { throw malformed }
      let name = try string()
      guard take(":") else { throw malformed }
      members.append(JSONValue.Member(name, try value(depth: depth)))
      if take("}") { return members }
      guard take(",") else { throw malformed }
    }
  }

  private mutating func elements(depth: Int) throws(JSONFault) -> [JSONValue] {
    var elements: [JSONValue] = []
    if take("]") { return elements }
    while true {
      elements.append(try value(depth: depth))
      if take("]") { return elements }
      guard take(",") else { throw malformed }
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard tokens.peek() == UInt8(ascii: character) else { return false }
    _ = tokens.next()
    return true
  }

  private mutating func string() throws(JSONFault) -> String {
    guard let text = tokens.string() else { throw malformed }
    var buffer = ByteBuffer(capacity: text.range.count)
    buffer.append(text, of: tokens.bytes)
    return String(decoding: buffer.bytes, as: UTF8.self)
  }

  private mutating func number(_ first: UInt8) throws(JSONFault) -> JSONValue {
    guard let range = tokens.number(first) else { throw malformed }
    let digits = String(decoding: tokens.bytes[range], as: UTF8.self)
    if let whole = Int64(digits) { return .integer(whole) }
    guard let real = Double(digits), real.isFinite else {
      throw JSONFault("the number \(digits.prefix(40)) is too large")
    }
    return .real(real)
  }
}
