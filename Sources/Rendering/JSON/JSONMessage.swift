// What `%j` and `%J` print, read back.

import MQTTProtocol

/// A message as an object of JSON.  Its memory is used again for the next one.
///
/// The members are those of `%j`, all of them optional.  Unknown ones are passed over, and so are `tst`,
/// `payloadlen` and `mid`, which belong to one delivery.
package struct JSONMessage: ~Copyable {
  /// Nil when there is none.
  package var topic: UnsafeRawBufferPointer? { seen.contains(.topic) ? topicText.bytes : nil }
  /// A string's characters, or the text of any other value; empty for null.
  package private(set) var payload = ByteBuffer()
  package private(set) var qos: QoS?
  package private(set) var retain: Bool?
  /// All but topic alias and subscription identifiers, which belong to one connection.
  package internal(set) var properties = Properties.none

  var tokens = JSONTokens(UnsafeRawBufferPointer(start: nil, count: 0))
  var scratch = ByteBuffer()
  private var topicText = ByteBuffer()
  private var seen: Members = []

  private struct Members: OptionSet {
    let rawValue: UInt8
    static let topic = Members(rawValue: 1)
    static let payload = Members(rawValue: 2)
    static let payloadBase64 = Members(rawValue: 4)
    static let qos = Members(rawValue: 8)
    static let retain = Members(rawValue: 16)
    static let properties = Members(rawValue: 32)
  }

  package init() {}

  /// Takes in one JSON text.
  package mutating func read(_ text: UnsafeRawBufferPointer) throws(JSONFault) {
    payload.removeAll()
    qos = nil
    retain = nil
    properties = .none
    seen = []
    if !UTF8String.isWellFormed(text) { throw JSONFault("not UTF-8 text") }
    tokens = JSONTokens(text)
    if tokens.peek() != UInt8(ascii: "{") { throw JSONFault("no JSON object") }
    try readObject { (message, name) throws(JSONFault) in try message.readMember(name) }
    if tokens.peek() != nil { throw JSONFault("more than one JSON value") }
  }

  // MARK: Members

  private mutating func readMember(_ name: JSONTokens.Text) throws(JSONFault) {
    if matches(name, "topic") {
      try note(.topic, "topic")
      let text = try string("topic")
      topicText.removeAll()
      topicText.append(text, of: tokens.bytes)
    } else if matches(name, "payload") {
      try note(.payload, "payload")
      try readPayload()
    } else if matches(name, "payload_base64") {
      try note(.payloadBase64, "payload_base64")
      try decodeBase64("payload_base64")
      payload.removeAll()
      payload.append(scratch.bytes)
    } else if matches(name, "qos") {
      try note(.qos, "qos")
      guard let number = number(), let level = UInt8(exactly: number),
        let qos = QoS(rawValue: level)
      else { throw JSONFault("'qos' is not 0, 1 or 2") }
      self.qos = qos
    } else if matches(name, "retain") {
      try note(.retain, "retain")
      try readRetain()
    } else if matches(name, "properties") {
      try note(.properties, "properties")
      if tokens.peek() != UInt8(ascii: "{") { throw JSONFault("'properties' is no object") }
      try readObject { (message, name) throws(JSONFault) in try message.readProperty(name) }
    } else {
      try skip()
    }
  }

  private mutating func note(_ member: Members, _ name: StaticString) throws(JSONFault) {
    if !seen.insert(member).inserted { throw JSONFault("'\(name)' stands there twice") }
  }

  private mutating func readPayload() throws(JSONFault) {
    // Which of the two comes first does not matter: the exact one counts.
    if seen.contains(.payloadBase64) { return try skip() }
    switch tokens.peek() {
    case UInt8(ascii: "\""):
      let text = try string("payload")
      payload.append(text, of: tokens.bytes)
    case UInt8(ascii: "n"): try skip()
    default: try Self.copyValue(from: &tokens, to: &payload)
    }
  }

  /// true and false, or 1 and 0 as mosquitto_sub had it up to 2.0.
  private mutating func readRetain() throws(JSONFault) {
    switch tokens.next() {
    case UInt8(ascii: "t") where tokens.word("true"): retain = true
    case UInt8(ascii: "f") where tokens.word("false"): retain = false
    case UInt8(ascii: "1"): retain = true
    case UInt8(ascii: "0"): retain = false
    default: throw JSONFault("'retain' is not true or false")
    }
  }

  // MARK: Values

  mutating func readObject(
    _ member: (inout JSONMessage, JSONTokens.Text) throws(JSONFault) -> Void
  ) throws(JSONFault) {
    _ = tokens.next()
    if tokens.peek() == UInt8(ascii: "}") {
      _ = tokens.next()
      return
    }
    while true {
      guard tokens.next() == UInt8(ascii: "\""), let name = tokens.string(),
        tokens.next() == UInt8(ascii: ":")
      else { throw malformed }
      try member(&self, name)
      switch tokens.next() {
      case UInt8(ascii: ","): continue
      case UInt8(ascii: "}"): return
      default: throw malformed
      }
    }
  }

  var malformed: JSONFault { tokens.fault }

  mutating func string(_ name: String) throws(JSONFault) -> JSONTokens.Text {
    guard tokens.peek() == UInt8(ascii: "\"") else { throw JSONFault("'\(name)' is no string") }
    _ = tokens.next()
    guard let text = tokens.string() else { throw malformed }
    return text
  }

  /// Decodes a string into `scratch`.
  mutating func decodeBase64(_ name: String) throws(JSONFault) {
    let text = try string(name)
    var digits = UnsafeRawBufferPointer(rebasing: tokens.bytes[text.range])
    var unescaped = ByteBuffer(capacity: 16)
    if text.hasEscapes {
      unescaped.append(text, of: tokens.bytes)
      digits = unescaped.bytes
    }
    scratch.removeAll()
    if !scratch.append(decoding: digits) { throw JSONFault("'\(name)' is not base64") }
  }

  /// A whole number that is not negative; nil for anything else.
  mutating func number() -> UInt32? {
    guard let first = tokens.next(), let range = tokens.number(first) else { return nil }
    return UInt32(String(decoding: tokens.bytes[range], as: UTF8.self))
  }

  mutating func skip() throws(JSONFault) {
    scratch.removeAll()
    try Self.copyValue(from: &tokens, to: &scratch)
  }

  private static func copyValue(
    from tokens: inout JSONTokens, to buffer: inout ByteBuffer
  ) throws(JSONFault) {
    var copy = JSONCopy(tokens)
    var writer = JSONWriter(isPretty: false)
    guard copy.value(&writer, &buffer) else {
      throw copy.isTooDeep
        ? JSONFault("JSON in more than \(JSONCopy.deepest) levels") : copy.tokens.fault
    }
    tokens = copy.tokens
  }

  func matches(_ text: JSONTokens.Text, _ name: StaticString) -> Bool {
    guard text.hasEscapes else {
      return UnsafeRawBufferPointer(rebasing: tokens.bytes[text.range]).elementsEqual(
        UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }
    var unescaped = ByteBuffer()
    unescaped.append(text, of: tokens.bytes)
    return unescaped.bytes.elementsEqual(
      UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }
}
