import MQTTProtocol
import Rendering
import TestSupport
import Testing

/// What `%j` prints is read back to the same message.
@Suite("A message read from JSON") struct JSONMessageTests {
  private struct Read: Equatable {
    var topic: [UInt8]?
    var payload: [UInt8]
    var qos: QoS?
    var retain: Bool?
    var properties: Properties
  }

  private func read(_ json: [UInt8]) throws -> Read {
    var message = JSONMessage()
    try json.withUnsafeBytes { bytes throws in try message.read(bytes) }
    return Read(
      topic: message.topic.map { [UInt8]($0) }, payload: message.payload.array, qos: message.qos,
      retain: message.retain, properties: message.properties)
  }

  private func read(_ json: String) throws -> Read { try read(Array(json.utf8)) }

  private func fault(_ json: String) -> String? {
    do {
      _ = try read(json)
      return nil
    } catch { return "\(error)" }
  }

  @Test func `10,000 random messages come back from what %j prints`() throws {
    var random = Generator(seed: 7)
    for _ in 0..<10_000 {
      let message = Sample {
        $0.topic = Array(random.text(upTo: 12).utf8)
        $0.payload = random.bytes(upTo: 40, isText: .random(using: &random))
        $0.qos = QoS(rawValue: .random(in: 0...2, using: &random)) ?? .atMostOnce
        $0.retain = .random(using: &random)
        var entries: [Property?] = [
          Property(.messageExpiryInterval, .random(in: 0...UInt32.max, using: &random)),
          Property(.payloadFormatIndicator, .random(in: 0...1, using: &random)),
          Property(.contentType, random.mqttText(upTo: 9)),
          Property(.responseTopic, "answers"),
          Property(.correlationData, random.bytes(upTo: 12, isText: .random(using: &random))),
        ].filter { _ in .random(using: &random) }
        for _ in 0..<Int.random(in: 0...4, using: &random) {
          entries.append(Property(user: random.mqttText(upTo: 3), random.mqttText(upTo: 8)))
        }
        $0.properties = Properties(entries.compactMap { $0 })
      }
      for exposure in [Exposure.exact, .terminal] {
        let shown = try message.shown(as: "%j", exposure: exposure)
        let back = try read(shown.bytes)
        #expect(
          back
            == Read(
              topic: message.topic, payload: message.payload, qos: message.qos,
              retain: message.retain, properties: message.properties))
      }
    }
  }

  @Test func `a payload that is another JSON value is its text`() throws {
    let rows: [(String, String)] = [
      (#"{"payload":{"a": [1, "\u00e9"]}}"#, #"{"a":[1,"\u00e9"]}"#),
      (#"{"payload":-1.50}"#, "-1.50"),
      (#"{"payload":true}"#, "true"), (#"{"payload":null}"#, ""), (#"{"payload":[]}"#, "[]"),
      (#"{"payload":""}"#, ""), ("{}", ""),
      (#" { "payload" : "\"\\\/\b\f\n\r\t" } "#, "\"\\/\u{8}\u{c}\n\r\t"),
      (#"{"payload":"\ud83d\uDE00\u0000é"}"#, "\u{1f600}\0é"), (#"{"p\u0061yload":"x"}"#, "x"),
      (#"{"payload_base64":"AP8=","payload":"?"}"#, ""),
    ]
    for (json, payload) in rows.dropLast() {
      #expect(try read(json).payload == Array(payload.utf8), "\(json)")
    }
    #expect(try read(rows[rows.count - 1].0).payload == [0, 0xff])
    #expect(try read(#"{"payload":"?","payload_base64":"AP\/\/"}"#).payload == [0, 0xff, 0xff])
  }

  @Test func `mosquitto's older forms are understood`() throws {
    let message = try read(
      #"{"tst":"x","topic":"a","qos":1,"retain":1,"mid":3,"extra":{"a":[{}]},"#
        + #""properties":{"user-properties":{"a":"b","c":"d"},"topic-alias":3,"#
        + #""subscription-identifier":[1,2]}}"#)
    #expect(message.retain == true)
    #expect(message.properties == properties(Property(user: "a", "b"), Property(user: "c", "d")))
  }

  static let wrong: [(String, String)] = [
    ("", "no JSON object"), ("[]", "no JSON object"), ("x", "no JSON object"),
    ("{", "byte 1"), (#"{"topic":"a""#, "byte"), (#"{"topic":"a",}"#, "byte 14"),
    (#"{"topic":"a"} x"#, "more than one"), (#"{"topic":1}"#, "'topic' is no string"),
    (#"{"topic":"a","topic":"b"}"#, "'topic' stands there twice"),
    (
      #"{"properties":{"content-type":"a","content-type":"b"}}"#,
      "'content-type' stands there twice"
    ), (#"{"qos":3}"#, "'qos'"),
    (#"{"qos":-1}"#, "'qos'"), (#"{"qos":1.0}"#, "'qos'"), (#"{"qos":"1"}"#, "'qos'"),
    (#"{"qos":99999999999999999999}"#, "'qos'"), (#"{"retain":"x"}"#, "'retain'"),
    (#"{"retain":2}"#, "'retain'"), (#"{"retain":10}"#, "byte"), (#"{"payload":"\ud800"}"#, "byte"),
    (#"{"payload":"\udc00\ud800"}"#, "byte"), (#"{"payload":"\x"}"#, "byte"),
    ("{\"payload\":\"\u{1}\"}", "byte"), (#"{"payload":tru}"#, "byte"),
    (#"{"payload":01}"#, "byte"),
    (#"{"payload_base64":"A"}"#, "base64"), (#"{"payload_base64":"AA=A"}"#, "base64"),
    (#"{"payload_base64":"AAA=="}"#, "base64"), (#"{"payload_base64":"===="}"#, "base64"),
    (#"{"properties":[]}"#, "'properties'"), (#"{"properties":{"colour":1}}"#, "'colour'"),
    (#"{"properties":{"message-expiry-interval":4294967296}}"#, "4294967295"),
    (#"{"properties":{"payload-format-indicator":2}}"#, "from 0 to 1"),
    (#"{"properties":{"response-topic":"a/#"}}"#, "'response-topic'"),
    (#"{"properties":{"content-type":"\u0000"}}"#, "'content-type'"),
    (#"{"properties":{"user-properties":[1]}}"#, "'user-properties'"),
    (#"{"properties":{"user-properties":[{"a":1}]}}"#, "'user-properties'"),
    (String(repeating: "{\"a\":", count: 100_000), "levels"),
    ("{\"a\":" + String(repeating: "[", count: 100_000), "levels"),
  ]

  @Test(arguments: wrong) func `is refused`(_ json: String, _ says: String) {
    let told = fault(json)
    #expect(told?.contains(says) == true, "\(told ?? "nothing")")
  }

  @Test func `bytes that are not UTF-8 are refused`() {
    #expect(throws: JSONFault.self) { try read([0x7b, 0xff, 0x7d]) }
    #expect(throws: JSONFault.self) { try read([0x7b, 0x7d, 0]) }
  }

  @Test func `random damage never traps`() throws {
    var random = Generator(seed: 11)
    let whole = Array(
      (#"{"topic":"a\u00e9","payload_base64":"AP8=","qos":1,"retain":false,"#
        + #""properties":{"user-properties":[{"k":"v"}],"correlation-data":"\ud83d\ude00"}}"#).utf8)
    for _ in 0..<20_000 {
      var damaged = whole
      for _ in 0...Int.random(in: 0...2, using: &random) {
        let place = Int.random(in: damaged.indices, using: &random)
        if Bool.random(using: &random) {
          damaged[place] = whole[Int.random(in: whole.indices, using: &random)]
        } else {
          damaged.removeSubrange(place...)
        }
        if damaged.isEmpty { break }
      }
      _ = try? read(damaged)
    }
  }
}
