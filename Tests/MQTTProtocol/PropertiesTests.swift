import MQTTProtocol
import Testing

@Suite("Properties, MQTT 5 §2.2.2") struct PropertiesTests {
  @Test("has a rule for all 27, and agrees on their bytes") func allTwentySeven() {
    #expect(PropertyRule.all.count == 27)
    #expect(Set(PropertyRule.all.map(\.id)) == Set(PropertyID.allCases))
    for rule in PropertyRule.all { #expect(rule.id.rawValue == rule.byte) }
    #expect(Set(PropertyID.allCases.map(\.name)).count == 27)
  }

  @Test("knows how many bytes it takes", arguments: PropertyRule.all)
  func size(_ rule: PropertyRule) {
    for value in rule.good {
      #expect(value.property.size == 1 + value.bytes.count)
      let pair = Properties([value.property, value.property])
      #expect(pair.size == 2 + 2 * value.bytes.count)
    }
  }

  @Test("no properties are a length of 0 [MQTT-2.2.2-1] (#44)") func none() {
    var buffer = ByteBuffer()
    Properties.none.encode(into: &buffer)
    let bytes = buffer.array
    #expect(bytes == [0])
  }

  @Test("cannot be made out of range or of another type (#20) (#21) (#61)") func refused() {
    #expect(Property(.topicAlias, 0) == nil)
    #expect(Property(.topicAlias, 65_536) == nil)
    #expect(Property(.receiveMaximum, 0) == nil)
    #expect(Property(.maximumPacketSize, 0) == nil)
    #expect(Property(.maximumQoS, 2) == nil)
    #expect(Property(.payloadFormatIndicator, 2) == nil)
    #expect(Property(.subscriptionIdentifier, 0) == nil)
    #expect(Property(.subscriptionIdentifier, 268_435_456) == nil)
    #expect(Property(.contentType, 1) == nil)
    #expect(Property(.userProperty, 1) == nil)
    #expect(Property(.topicAlias, "1") == nil)
    #expect(Property(.userProperty, "a") == nil)
    #expect(Property(.correlationData, "a") == nil)
    #expect(Property(.contentType, [0x61]) == nil)
    #expect(Property(.correlationData, [UInt8](repeating: 0, count: 65_535)) != nil)
    #expect(Property(.correlationData, [UInt8](repeating: 0, count: 65_536)) == nil)
  }

  @Test func findsSetsAndRemoves() {
    var properties = Properties()
    properties.set(Property(.receiveMaximum, 10))
    properties.set(Property(.receiveMaximum, 20))
    properties.set(Property(.reasonString, "no"))
    properties.set(Property(.authenticationData, [1, 2]))
    properties.set(Property(user: "a", "1"))
    properties.set(Property(user: "a", "2"))
    properties.set(nil)
    #expect(properties.entries.count == 5)
    #expect(properties.number(.receiveMaximum) == 20)
    #expect(properties.string(.reasonString) == "no")
    #expect(properties.binary(.authenticationData) == [1, 2])
    #expect(properties.number(.topicAlias) == nil)
    #expect(properties.string(.receiveMaximum) == nil)
    #expect(properties.flag(.retainAvailable, default: true))
    properties.set(Property(.retainAvailable, 0))
    #expect(!properties.flag(.retainAvailable, default: true))
    properties.remove(.userProperty)
    #expect(!properties.contains(.userProperty))
    #expect(properties.entries.map(\.id.rawValue) == [0x21, 0x1f, 0x16, 0x25])
  }
}
