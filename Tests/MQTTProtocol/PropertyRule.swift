// Table 2-4 of MQTT 5 §2.2.2.2, written from the specification and not from the codec.

import MQTTProtocol
import Testing

/// What MQTT says of one property: its byte, its places, and values inside and outside its range.
struct PropertyRule: Sendable, CustomTestStringConvertible {
  struct Good: Sendable {
    let bytes: [UInt8]
    let property: Property
  }

  struct Bad: Sendable {
    let name: String
    let bytes: [UInt8]
    let error: MalformedPacket
    let code: UInt8
  }

  let byte: UInt8
  let id: PropertyID
  let contexts: Set<PropertyContext>
  let good: [Good]
  let bad: [Bad]

  var testDescription: String { id.name }

  static let all: [PropertyRule] = [
    flag(0x01, .payloadFormatIndicator, [.publish, .will]),
    four(0x02, .messageExpiryInterval, [.publish, .will]),
    text(0x03, .contentType, [.publish, .will]),
    text(0x08, .responseTopic, [.publish, .will]),
    data(0x09, .correlationData, [.publish, .will]),
    subscriptionIdentifier,
    four(0x11, .sessionExpiryInterval, [.connect, .connAck, .disconnect]),
    text(0x12, .assignedClientIdentifier, [.connAck]),
    two(0x13, .serverKeepAlive, [.connAck]),
    text(0x15, .authenticationMethod, [.connect, .connAck, .auth]),
    data(0x16, .authenticationData, [.connect, .connAck, .auth]),
    flag(0x17, .requestProblemInformation, [.connect]),
    four(0x18, .willDelayInterval, [.will]),
    flag(0x19, .requestResponseInformation, [.connect]),
    text(0x1a, .responseInformation, [.connAck]),
    text(0x1c, .serverReference, [.connAck, .disconnect]),
    text(
      0x1f, .reasonString,
      [.connAck, .pubAck, .pubRec, .pubRel, .pubComp, .subAck, .unsubAck, .disconnect, .auth]),
    two(0x21, .receiveMaximum, [.connect, .connAck], zero: 0x82),
    two(0x22, .topicAliasMaximum, [.connect, .connAck]),
    two(0x23, .topicAlias, [.publish], zero: 0x94),
    flag(0x24, .maximumQoS, [.connAck]),
    flag(0x25, .retainAvailable, [.connAck]),
    userProperty,
    four(0x27, .maximumPacketSize, [.connect, .connAck], zero: 0x82),
    flag(0x28, .wildcardSubscriptionAvailable, [.connAck]),
    flag(0x29, .subscriptionIdentifierAvailable, [.connAck]),
    flag(0x2a, .sharedSubscriptionAvailable, [.connAck]),
  ]

  /// A byte that is 0 or 1.
  private static func flag(
    _ byte: UInt8, _ id: PropertyID, _ contexts: Set<PropertyContext>
  ) -> Self {
    Self(
      byte: byte, id: id, contexts: contexts,
      good: [Good(id, [0], 0), Good(id, [1], 1)],
      bad: [2, 0xff].map {
        Bad(
          name: "value \($0) (#61)", bytes: [$0], error: .propertyOutOfRange(id, UInt32($0)),
          code: 0x82)
      })
  }

  /// - Parameter zero: the reason code for 0 where that is not allowed.
  private static func two(
    _ byte: UInt8, _ id: PropertyID, _ contexts: Set<PropertyContext>, zero: UInt8? = nil
  ) -> Self {
    Self(
      byte: byte, id: id, contexts: contexts,
      good: [
        Good(id, [0, 1], 1), Good(id, [0x12, 0x34], 0x1234), Good(id, [0xff, 0xff], 65_535),
      ]
        + (zero == nil ? [Good(id, [0, 0], 0)] : []),
      bad: zero.map { [Bad(id, zero: [0, 0], $0)] } ?? [])
  }

  private static func four(
    _ byte: UInt8, _ id: PropertyID, _ contexts: Set<PropertyContext>, zero: UInt8? = nil
  ) -> Self {
    Self(
      byte: byte, id: id, contexts: contexts,
      good: [
        Good(id, [0, 0, 0, 1], 1), Good(id, [0x12, 0x34, 0x56, 0x78], 0x1234_5678),
        Good(id, [0xff, 0xff, 0xff, 0xff], 4_294_967_295),
      ] + (zero == nil ? [Good(id, [0, 0, 0, 0], 0)] : []),
      bad: zero.map { [Bad(id, zero: [0, 0, 0, 0], $0)] } ?? [])
  }

  private static func text(
    _ byte: UInt8, _ id: PropertyID, _ contexts: Set<PropertyContext>
  ) -> Self {
    Self(
      byte: byte, id: id, contexts: contexts,
      good: ["x", "", "\u{feff}", "é€😀"].map {
        Good(bytes: field($0), property: Property(id, try! UTF8String($0))!)
      },
      bad: Bad.strings.map { Bad(name: $0, bytes: field($1), error: .string($2), code: 0x81) })
  }

  private static func data(
    _ byte: UInt8, _ id: PropertyID, _ contexts: Set<PropertyContext>
  ) -> Self {
    Self(
      byte: byte, id: id, contexts: contexts,
      good: [[], [0x00], [0xff, 0x00, 0xc0]].map {
        Good(bytes: field($0), property: Property(id, $0)!)
      },
      bad: [])
  }

  private static let subscriptionIdentifier = Self(
    byte: 0x0b, id: .subscriptionIdentifier, contexts: [.publish, .subscribe],
    good: [
      Good(.subscriptionIdentifier, [0x01], 1), Good(.subscriptionIdentifier, [0x7f], 127),
      Good(.subscriptionIdentifier, [0x80, 0x01], 128),
      Good(.subscriptionIdentifier, [0xff, 0x7f], 16_383),
      Good(.subscriptionIdentifier, [0x80, 0x80, 0x01], 16_384),
      Good(.subscriptionIdentifier, [0xff, 0xff, 0x7f], 2_097_151),
      Good(.subscriptionIdentifier, [0x80, 0x80, 0x80, 0x01], 2_097_152),
      Good(.subscriptionIdentifier, [0xff, 0xff, 0xff, 0x7f], 268_435_455),
    ],
    bad: [
      Bad(.subscriptionIdentifier, zero: [0], 0x82),
      Bad(
        name: "a padded 1 [MQTT-1.5.5-1] (#54)", bytes: [0x81, 0x00], error: .lengthNotMinimal,
        code: 0x81),
      Bad(
        name: "five bytes [MQTT-1.5.5-1] (#54)", bytes: [0x80, 0x80, 0x80, 0x80, 0x01],
        error: .lengthTooLong, code: 0x81),
    ])

  private static let userProperty = Self(
    byte: 0x26, id: .userProperty, contexts: Set(PropertyContext.allCases),
    good: [
      Good(bytes: field("a") + field("b"), property: Property(user: "a", "b")),
      Good(bytes: field("") + field(""), property: Property(user: "", "")),
      Good(bytes: field("é") + field("a=b"), property: Property(user: "é", "a=b")),
    ],
    bad: Bad.strings.flatMap { name, bytes, fault in
      [
        Bad(
          name: "a name with \(name) [MQTT-1.5.7-1] (#55)", bytes: field(bytes) + field(""),
          error: .string(fault), code: 0x81),
        Bad(
          name: "a value with \(name) [MQTT-1.5.7-1] (#55)", bytes: field("") + field(bytes),
          error: .string(fault), code: 0x81),
      ]
    })
}

extension PropertyRule.Good {
  fileprivate init(_ id: PropertyID, _ bytes: [UInt8], _ number: UInt32) {
    self.init(bytes: bytes, property: Property(id, number)!)
  }
}

extension PropertyRule.Bad {
  fileprivate init(_ id: PropertyID, zero bytes: [UInt8], _ code: UInt8) {
    self.init(
      name: "value 0 (#61) (#73) (#82)", bytes: bytes, error: .propertyOutOfRange(id, 0),
      code: code)
  }

  fileprivate static let strings: [(String, [UInt8], UTF8String.Fault)] = [
    ("U+0000 [MQTT-1.5.4-2] (#52)", [0x61, 0x00, 0x62], .nullCharacter),
    ("a surrogate [MQTT-1.5.4-1] (#51)", [0xed, 0xa0, 0x80], .illFormed),
    ("half a character [MQTT-1.5.4-1] (#51)", [0xe2, 0x82], .illFormed),
  ]
}
