// MQTT 5's properties: their names, their types on the wire, and where each may stand.

/// Table 2-4 of MQTT 5 §2.2.2.2.
package enum PropertyID: UInt8, Hashable, Sendable, CaseIterable {
  case payloadFormatIndicator = 0x01
  case messageExpiryInterval = 0x02
  case contentType = 0x03
  case responseTopic = 0x08
  case correlationData = 0x09
  case subscriptionIdentifier = 0x0b
  case sessionExpiryInterval = 0x11
  case assignedClientIdentifier = 0x12
  case serverKeepAlive = 0x13
  case authenticationMethod = 0x15
  case authenticationData = 0x16
  case requestProblemInformation = 0x17
  case willDelayInterval = 0x18
  case requestResponseInformation = 0x19
  case responseInformation = 0x1a
  case serverReference = 0x1c
  case reasonString = 0x1f
  case receiveMaximum = 0x21
  case topicAliasMaximum = 0x22
  case topicAlias = 0x23
  case maximumQoS = 0x24
  case retainAvailable = 0x25
  case userProperty = 0x26
  case maximumPacketSize = 0x27
  case wildcardSubscriptionAvailable = 0x28
  case subscriptionIdentifierAvailable = 0x29
  case sharedSubscriptionAvailable = 0x2a

  package enum Kind: Hashable, Sendable {
    case byte, twoByte, fourByte, variable, string, binary, pair
  }

  package var kind: Kind {
    switch self {
    case .payloadFormatIndicator, .requestProblemInformation, .requestResponseInformation,
      .maximumQoS, .retainAvailable, .wildcardSubscriptionAvailable,
      .subscriptionIdentifierAvailable, .sharedSubscriptionAvailable:
      .byte
    case .serverKeepAlive, .receiveMaximum, .topicAliasMaximum, .topicAlias: .twoByte
    case .messageExpiryInterval, .sessionExpiryInterval, .willDelayInterval, .maximumPacketSize:
      .fourByte
    case .subscriptionIdentifier: .variable
    case .contentType, .responseTopic, .assignedClientIdentifier, .authenticationMethod,
      .responseInformation, .serverReference, .reasonString:
      .string
    case .correlationData, .authenticationData: .binary
    case .userProperty: .pair
    }
  }

  /// The numbers the specification allows; text and data have none.
  package var range: ClosedRange<UInt32> {
    switch self {
    case .receiveMaximum, .topicAlias: 1...0xffff
    case .maximumPacketSize: 1...UInt32.max
    case .subscriptionIdentifier: 1...UInt32(VariableByteInteger.maximum)
    default:
      switch kind {
      case .byte: 0...1
      case .twoByte: 0...0xffff
      default: 0...UInt32.max
      }
    }
  }

  /// The name that mosquitto's clients use: `session-expiry-interval`.
  package var name: String {
    switch self {
    case .payloadFormatIndicator: "payload-format-indicator"
    case .messageExpiryInterval: "message-expiry-interval"
    case .contentType: "content-type"
    case .responseTopic: "response-topic"
    case .correlationData: "correlation-data"
    case .subscriptionIdentifier: "subscription-identifier"
    case .sessionExpiryInterval: "session-expiry-interval"
    case .assignedClientIdentifier: "assigned-client-identifier"
    case .serverKeepAlive: "server-keep-alive"
    case .authenticationMethod: "authentication-method"
    case .authenticationData: "authentication-data"
    case .requestProblemInformation: "request-problem-information"
    case .willDelayInterval: "will-delay-interval"
    case .requestResponseInformation: "request-response-information"
    case .responseInformation: "response-information"
    case .serverReference: "server-reference"
    case .reasonString: "reason-string"
    case .receiveMaximum: "receive-maximum"
    case .topicAliasMaximum: "topic-alias-maximum"
    case .topicAlias: "topic-alias"
    case .maximumQoS: "maximum-qos"
    case .retainAvailable: "retain-available"
    case .userProperty: "user-property"
    case .maximumPacketSize: "maximum-packet-size"
    case .wildcardSubscriptionAvailable: "wildcard-subscription-available"
    case .subscriptionIdentifierAvailable: "subscription-identifier-available"
    case .sharedSubscriptionAvailable: "shared-subscription-available"
    }
  }

  /// What stands for it in a set of properties.
  var bit: UInt64 { 1 << UInt64(rawValue) }
}

extension PropertyID: CustomStringConvertible {
  package var description: String { name }
}

/// A place where properties stand: a packet, or the will inside CONNECT.
package enum PropertyContext: Hashable, Sendable, CaseIterable {
  case connect, will, connAck, publish, pubAck, pubRec, pubRel, pubComp
  case subscribe, subAck, unsubscribe, unsubAck, disconnect, auth

  package func allows(_ id: PropertyID) -> Bool { allowed & id.bit != 0 }

  /// Properties that may stand more than once here (MQTT 5 §2.2.2.2, §3.3.2.3.8).
  package func repeats(_ id: PropertyID) -> Bool {
    id == .userProperty || id == .subscriptionIdentifier && self == .publish
  }

  private var allowed: UInt64 {
    switch self {
    case .connect: Self.connectBits
    case .will: Self.willBits
    case .connAck: Self.connAckBits
    case .publish: Self.publishBits
    case .pubAck, .pubRec, .pubRel, .pubComp, .subAck, .unsubAck: Self.acknowledgementBits
    case .subscribe: PropertyID.subscriptionIdentifier.bit | PropertyID.userProperty.bit
    case .unsubscribe: PropertyID.userProperty.bit
    case .disconnect: Self.disconnectBits
    case .auth: Self.authBits
    }
  }

  private static func bits(_ ids: PropertyID...) -> UInt64 { ids.reduce(0) { $0 | $1.bit } }

  private static let connectBits = bits(
    .sessionExpiryInterval, .authenticationMethod, .authenticationData, .requestProblemInformation,
    .requestResponseInformation, .receiveMaximum, .topicAliasMaximum, .userProperty,
    .maximumPacketSize)
  private static let willBits = bits(
    .payloadFormatIndicator, .messageExpiryInterval, .contentType, .responseTopic,
    .correlationData, .willDelayInterval, .userProperty)
  private static let connAckBits = bits(
    .sessionExpiryInterval, .assignedClientIdentifier, .serverKeepAlive, .authenticationMethod,
    .authenticationData, .responseInformation, .serverReference, .reasonString, .receiveMaximum,
    .topicAliasMaximum, .maximumQoS, .retainAvailable, .userProperty, .maximumPacketSize,
    .wildcardSubscriptionAvailable, .subscriptionIdentifierAvailable, .sharedSubscriptionAvailable)
  private static let publishBits = bits(
    .payloadFormatIndicator, .messageExpiryInterval, .contentType, .responseTopic,
    .correlationData, .subscriptionIdentifier, .topicAlias, .userProperty)
  private static let acknowledgementBits = bits(.reasonString, .userProperty)
  private static let disconnectBits = bits(
    .sessionExpiryInterval, .serverReference, .reasonString, .userProperty)
  private static let authBits = bits(
    .authenticationMethod, .authenticationData, .reasonString, .userProperty)
}

extension PropertyContext: CustomStringConvertible {
  package var description: String {
    switch self {
    case .connect: "CONNECT"
    case .will: "the will"
    case .connAck: "CONNACK"
    case .publish: "PUBLISH"
    case .pubAck: "PUBACK"
    case .pubRec: "PUBREC"
    case .pubRel: "PUBREL"
    case .pubComp: "PUBCOMP"
    case .subscribe: "SUBSCRIBE"
    case .subAck: "SUBACK"
    case .unsubscribe: "UNSUBSCRIBE"
    case .unsubAck: "UNSUBACK"
    case .disconnect: "DISCONNECT"
    case .auth: "AUTH"
    }
  }
}
