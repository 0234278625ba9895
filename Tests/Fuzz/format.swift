// Arbitrary bytes as a format string and the message that it shows, and what JSON comes of the message.

import MQTTProtocol
import Rendering

/// Three bytes select how the message is shown and how long its topic is; then come the format and the
/// properties, each behind its length, the topic, and the payload.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var rest = UnsafeBufferPointer(start: start, count: count)[...]
  func take(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }
  let head = take(3)
  guard head.count == 3 else { return 0 }
  let format = take(Int(take(1).first ?? 0))
  var sample = Sample(qos: QoS(rawValue: head[1] & 3) ?? .atMostOnce, retain: head[1] & 4 != 0)
  sample.properties = wellFormed(take(Int(take(1).first ?? 0)))
  sample.topic = take(Int(head[2] & 31))
  sample.payload = Array(rest)
  let exposure = [Exposure.exact, .terminal, .line][Int(head[0] >> 4) % 3]
  let isPretty = head[0] & 2 != 0
  let dialect: FormatDialect = head[0] & 1 == 0 ? .apus : .mosquitto
  if let compiled = try? MessageFormat(format, dialect) {
    _ = sample.shown(as: compiled, exposure, isPretty)
  }
  checkText(sample, exposure, isPretty)
  checkValue(sample, exposure, isPretty)
  checkTree(sample.payload)
  return 0
}

private struct Sample {
  var topic: [UInt8] = []
  var payload: [UInt8] = []
  var properties: [UInt8] = []
  var qos: QoS
  var retain: Bool

  /// Nil when there was a problem.
  func shown(as format: MessageFormat, _ exposure: Exposure, _ isPretty: Bool) -> [UInt8]? {
    var format = format
    format.exposure = exposure
    format.isPretty = isPretty
    var output = ByteBuffer()
    let problem = topic.withUnsafeBytes { topic in
      payload.withUnsafeBytes { payload in
        properties.withUnsafeBytes { properties in
          format.append(
            MessageParts(
              topic: topic, payload: payload, properties: properties, qos: qos, retain: retain,
              packetID: 7), to: &output)
        }
      }
    }
    return problem == nil ? output.array : nil
  }
}

/// Properties with their length in front; none where the decoder would not take them.
private func wellFormed(_ properties: [UInt8]) -> [UInt8] {
  properties.withUnsafeBytes { bytes in
    var outer = ByteReader(bytes)
    guard var reader = try? PropertyReader(from: &outer, .publish) else { return [] }
    while true {
      do { if try reader.next() == nil { return properties } } catch { return [] }
    }
  }
}

/// `%j` is JSON whatever the message is, and the message comes back from it.
private func checkText(_ sample: Sample, _ exposure: Exposure, _ isPretty: Bool) {
  let text = sample.shown(as: try! MessageFormat(Array("%j".utf8)), exposure, isPretty)!
  precondition(JSONChecker.accepts(text), "%j is no JSON")
  var message = JSONMessage()
  do { try text.withUnsafeBytes { try message.read($0) } } catch {
    // What nobody may publish to is shown all the same.
    return precondition("\(error)".hasPrefix("'response-topic' is no topic"), "no message")
  }
  precondition(message.payload.array == sample.payload, "another payload")
  precondition(message.qos == sample.qos && message.retain == sample.retain, "another message")
}

/// `%J` takes exactly the payloads that are JSON, and is JSON then.
private func checkValue(_ sample: Sample, _ exposure: Exposure, _ isPretty: Bool) {
  let text = sample.shown(as: try! MessageFormat(Array("%J".utf8)), exposure, isPretty)
  let isJSON = sample.payload.isEmpty || JSONChecker.accepts(sample.payload, levels: 1000)
  precondition((text != nil) == isJSON, "JSON for one, and none for the other")
  if let text { precondition(JSONChecker.accepts(text), "%J is no JSON") }
}

private func checkTree(_ bytes: [UInt8]) {
  guard let value = try? JSONValue(bytes) else { return }
  precondition(JSONChecker.accepts(bytes), "a value from no JSON")
  let text = Array(value.text(levels: 2).utf8)
  precondition(JSONChecker.accepts(text), "a value's text is no JSON")
  precondition(try! JSONValue(text) == value, "another value")
}

/// RFC 8259 by the book, and halves of surrogate pairs only together.
private struct JSONChecker {
  private let bytes: [UInt8]
  private var position = 0

  /// - Parameter levels: of objects and arrays; a payload may have 1000, and stands in an object.
  static func accepts(_ bytes: [UInt8], levels: Int = 1001) -> Bool {
    guard String(validating: bytes, as: UTF8.self) != nil else { return false }
    var checker = JSONChecker(bytes: bytes)
    return checker.value(levels) && checker.position == bytes.count
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ text: StaticString) -> Bool {
    let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard bytes[position...].starts(with: wanted) else { return false }
    position += wanted.count
    return true
  }

  private mutating func space() {
    while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { position += 1 }
  }

  /// A value and the space around it.
  private mutating func value(_ levels: Int) -> Bool {
    space()
    defer { space() }
    if take("{") { return levels > 0 && list("}") { $0.member(levels - 1) } }
    if take("[") { return levels > 0 && list("]") { $0.value(levels - 1) } }
    if take("\"") { return string() }
    return take("true") || take("false") || take("null") || number()
  }

  private mutating func list(
    _ end: StaticString, _ element: (inout JSONChecker) -> Bool
  ) -> Bool {
    space()
    if take(end) { return true }
    repeat { if !element(&self) { return false } } while take(",")
    return take(end)
  }

  private mutating func member(_ levels: Int) -> Bool {
    space()
    guard take("\""), string() else { return false }
    space()
    return take(":") && value(levels)
  }

  private mutating func string() -> Bool {
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return true
      case UInt8(ascii: "\\"): if !escape() { return false }
      case 0x00...0x1f: return false
      default: continue
      }
    }
    return false
  }

  private mutating func escape() -> Bool {
    if take("u") {
      guard let unit = unit() else { return false }
      if (0xdc00...0xdfff).contains(unit) { return false }
      guard (0xd800...0xdbff).contains(unit) else { return true }
      return take("\\u") && isLowHalf()
    }
    guard let letter = next, Array("\"\\/bfnrt".utf8).contains(letter) else { return false }
    position += 1
    return true
  }

  private mutating func isLowHalf() -> Bool {
    unit().map { (0xdc00...0xdfff).contains($0) } ?? false
  }

  private mutating func unit() -> Int? {
    let digits = bytes[position...].prefix(4)
    position += digits.count
    if digits.count < 4 || digits.contains(UInt8(ascii: "+")) || digits.contains(UInt8(ascii: "-"))
    {
      return nil
    }
    return Int(String(decoding: digits, as: UTF8.self), radix: 16)
  }

  private mutating func number() -> Bool {
    _ = take("-")
    if !take("0"), digits() == 0 { return false }
    if take("."), digits() == 0 { return false }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      return digits() > 0
    }
    return true
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
    return position - start
  }
}
