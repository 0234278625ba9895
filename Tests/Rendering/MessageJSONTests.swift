import Foundation
import MQTTProtocol
import Rendering
import TestSupport
import Testing

/// `%j` and `%J` under an independent parser.
@Suite("JSON of a message") struct MessageJSONTests {
  private func object(_ bytes: [UInt8]) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  /// The text without the time, which is at its beginning.
  private func withoutTime(_ text: String) -> String {
    text.replacing(/"tst":\t?"[^"]*",/, with: "")
  }

  @Test func `members stand in mosquitto's order`() throws {
    let message = Sample {
      $0.qos = .exactlyOnce
      $0.packetID = 12
      $0.retain = true
      $0.properties = properties(
        Property(.topicAlias, 3), Property(user: "k", "v"), Property(.contentType, "text/plain"),
        Property(user: "k", "w"), Property(.subscriptionIdentifier, 268_435_455))
    }
    #expect(
      withoutTime(try message.text(as: "%j"))
        == #"{"topic":"home/lamp","qos":2,"retain":true,"payloadlen":7,"mid":12,"#
        + #""properties":{"topic-alias":3,"user-properties":[{"k":"v"},{"k":"w"}],"#
        + #""content-type":"text/plain","subscription-identifier":268435455},"payload":"message"}"#)
  }

  @Test func `the time has microseconds and a zone`() throws {
    let tst = try #require(object(try Sample().shown(as: "%j").bytes)["tst"] as? String)
    #expect(tst.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d{4}/) != nil, "\(tst)")
  }

  @Test func `an empty payload is null`() throws {
    for format in ["%j", "%J"] {
      #expect(try Sample("").text(as: format).hasSuffix(#""payloadlen":0,"payload":null}"#))
    }
  }

  @Test func `--pretty is laid out with tabs`() throws {
    let message = Sample {
      $0.payload = Array(#"{"a":[1,{"b":[]}],"c":{}}"#.utf8)
      $0.properties = properties(Property(user: "k", "v"))
    }
    #expect(
      withoutTime(try message.text(as: "%J", isPretty: true)) == """
        {
        \t
        \t"topic":\t"home/lamp",
        \t"qos":\t0,
        \t"retain":\tfalse,
        \t"payloadlen":\t25,
        \t"properties":\t{
        \t\t"user-properties":\t[{
        \t\t\t\t"k":\t"v"
        \t\t\t}]
        \t},
        \t"payload":\t{
        \t\t"a":\t[1, {
        \t\t\t\t"b":\t[]
        \t\t\t}],
        \t\t"c":\t{}
        \t}
        }
        """)
  }

  @Test func `10,000 random messages come back from their JSON`() throws {
    var random = Generator(seed: 42)
    for _ in 0..<10_000 {
      let isText = Bool.random(using: &random)
      let correlation = random.bytes(upTo: 12, isText: Bool.random(using: &random))
      let message = Sample {
        $0.topic = Array(random.text(upTo: 12).utf8)
        $0.payload = random.bytes(upTo: 40, isText: isText)
        $0.qos = QoS(rawValue: .random(in: 0...2, using: &random)) ?? .atMostOnce
        $0.packetID = $0.qos == .atMostOnce ? 0 : .random(in: 1...65_535, using: &random)
        $0.retain = .random(using: &random)
        $0.properties = properties(
          Property(.messageExpiryInterval, .random(in: 0...UInt32.max, using: &random)),
          Property(.correlationData, correlation),
          Property(user: random.mqttText(upTo: 8), random.mqttText(upTo: 8)))
      }
      let isPretty = Bool.random(using: &random)
      let json = try object(try message.shown(as: "%j", isPretty: isPretty).bytes)
      #expect(bytes(json, "payload") == message.payload)
      #expect((json["topic"] as? String).map { Array($0.utf8) } == message.topic)
      #expect(json["qos"] as? Int == Int(message.qos.rawValue))
      #expect(json["retain"] as? Bool == message.retain)
      #expect(json["payloadlen"] as? Int == message.payload.count)
      #expect(json["mid"] as? Int == (message.qos == .atMostOnce ? nil : Int(message.packetID)))
      let members = try #require(json["properties"] as? [String: Any])
      #expect(
        members["message-expiry-interval"] as? UInt32
          == message.properties.number(.messageExpiryInterval))
      #expect(bytes(members, "correlation-data") == correlation)
      let user = try #require((members["user-properties"] as? [[String: String]])?.first?.first)
      #expect(
        Property(user: try UTF8String(user.key), try UTF8String(user.value))
          == message.properties.entries.last)
    }
  }

  /// The exact bytes of a member: of the text, or of the base64 beside it.
  private func bytes(_ json: [String: Any], _ name: String) -> [UInt8]? {
    if let exact = json[name + "_base64"] as? String {
      return Data(base64Encoded: exact).map { Array($0) }
    }
    if json[name] is NSNull { return [] }
    return (json[name] as? String).map { Array($0.utf8) }
  }
}
