// MQTT 5's reason codes, and which packet may carry which.

/// The outcome of an operation; 0x80 and above are failures.  MQTT 5 §2.4.
package struct ReasonCode: Hashable, Sendable, RawRepresentable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  private init(_ code: UInt8) { rawValue = code }

  package var isFailure: Bool { rawValue >= 0x80 }

  package static let success = Self(0x00)
  package static let normalDisconnection = Self(0x00)
  package static let grantedQoS0 = Self(0x00)
  package static let grantedQoS1 = Self(0x01)
  package static let grantedQoS2 = Self(0x02)
  package static let disconnectWithWill = Self(0x04)
  package static let noMatchingSubscribers = Self(0x10)
  package static let noSubscriptionExisted = Self(0x11)
  package static let continueAuthentication = Self(0x18)
  package static let reAuthenticate = Self(0x19)
  package static let unspecifiedError = Self(0x80)
  package static let malformedPacket = Self(0x81)
  package static let protocolError = Self(0x82)
  package static let implementationSpecificError = Self(0x83)
  package static let unsupportedProtocolVersion = Self(0x84)
  package static let clientIdentifierNotValid = Self(0x85)
  package static let badUserNameOrPassword = Self(0x86)
  package static let notAuthorized = Self(0x87)
  package static let serverUnavailable = Self(0x88)
  package static let serverBusy = Self(0x89)
  package static let banned = Self(0x8a)
  package static let serverShuttingDown = Self(0x8b)
  package static let badAuthenticationMethod = Self(0x8c)
  package static let keepAliveTimeout = Self(0x8d)
  package static let sessionTakenOver = Self(0x8e)
  package static let topicFilterInvalid = Self(0x8f)
  package static let topicNameInvalid = Self(0x90)
  package static let packetIdentifierInUse = Self(0x91)
  package static let packetIdentifierNotFound = Self(0x92)
  package static let receiveMaximumExceeded = Self(0x93)
  package static let topicAliasInvalid = Self(0x94)
  package static let packetTooLarge = Self(0x95)
  package static let messageRateTooHigh = Self(0x96)
  package static let quotaExceeded = Self(0x97)
  package static let administrativeAction = Self(0x98)
  package static let payloadFormatInvalid = Self(0x99)
  package static let retainNotSupported = Self(0x9a)
  package static let qosNotSupported = Self(0x9b)
  package static let useAnotherServer = Self(0x9c)
  package static let serverMoved = Self(0x9d)
  package static let sharedSubscriptionsNotSupported = Self(0x9e)
  package static let connectionRateExceeded = Self(0x9f)
  package static let maximumConnectTime = Self(0xa0)
  package static let subscriptionIdentifiersNotSupported = Self(0xa1)
  package static let wildcardSubscriptionsNotSupported = Self(0xa2)
}

extension ReasonCode: CustomStringConvertible {
  /// The name of the specification's table 2-6; 0x00 to 0x02 depend on the packet.
  package var description: String {
    switch rawValue {
    case 0x00: "Success"
    case 0x01: "Granted QoS 1"
    case 0x02: "Granted QoS 2"
    case 0x04: "Disconnect with Will Message"
    case 0x10: "No matching subscribers"
    case 0x11: "No subscription existed"
    case 0x18: "Continue authentication"
    case 0x19: "Re-authenticate"
    case 0x80: "Unspecified error"
    case 0x81: "Malformed Packet"
    case 0x82: "Protocol Error"
    case 0x83: "Implementation specific error"
    case 0x84: "Unsupported Protocol Version"
    case 0x85: "Client Identifier not valid"
    case 0x86: "Bad User Name or Password"
    case 0x87: "Not authorized"
    case 0x88: "Server unavailable"
    case 0x89: "Server busy"
    case 0x8a: "Banned"
    case 0x8b: "Server shutting down"
    case 0x8c: "Bad authentication method"
    case 0x8d: "Keep Alive timeout"
    case 0x8e: "Session taken over"
    case 0x8f: "Topic Filter invalid"
    case 0x90: "Topic Name invalid"
    case 0x91: "Packet Identifier in use"
    case 0x92: "Packet Identifier not found"
    case 0x93: "Receive Maximum exceeded"
    case 0x94: "Topic Alias invalid"
    case 0x95: "Packet too large"
    case 0x96: "Message rate too high"
    case 0x97: "Quota exceeded"
    case 0x98: "Administrative action"
    case 0x99: "Payload format invalid"
    case 0x9a: "Retain not supported"
    case 0x9b: "QoS not supported"
    case 0x9c: "Use another server"
    case 0x9d: "Server moved"
    case 0x9e: "Shared Subscriptions not supported"
    case 0x9f: "Connection rate exceeded"
    case 0xa0: "Maximum connect time"
    case 0xa1: "Subscription Identifiers not supported"
    case 0xa2: "Wildcard Subscriptions not supported"
    default: "Unknown reason"
    }
  }
}

extension PacketType {
  /// True when MQTT 5 lists the code for this packet (the tables of §3.2.2.2, §3.4.2.1, §3.5.2.1,
  /// §3.6.2.1, §3.7.2.1, §3.9.3, §3.11.3, §3.14.2.1, §3.15.2.1).  DISCONNECT may carry 0x8c by table
  /// 2-6 alone, and PUBACK and PUBREC 0x95 because mosquitto refuses so what is above its message_size_limit.
  package func allows(_ reason: ReasonCode) -> Bool {
    switch (self, reason.rawValue) {
    case (.connAck, 0x00), (.connAck, 0x80...0x8a), (.connAck, 0x8c), (.connAck, 0x90),
      (.connAck, 0x95), (.connAck, 0x97), (.connAck, 0x99...0x9d), (.connAck, 0x9f):
      true
    case (.pubAck, 0x00), (.pubAck, 0x10), (.pubAck, 0x80), (.pubAck, 0x83), (.pubAck, 0x87),
      (.pubAck, 0x90), (.pubAck, 0x91), (.pubAck, 0x95), (.pubAck, 0x97), (.pubAck, 0x99):
      true
    case (.pubRec, _): PacketType.pubAck.allows(reason)
    case (.pubRel, 0x00), (.pubRel, 0x92), (.pubComp, 0x00), (.pubComp, 0x92): true
    case (.subAck, 0x00...0x02), (.subAck, 0x80), (.subAck, 0x83), (.subAck, 0x87),
      (.subAck, 0x8f), (.subAck, 0x91), (.subAck, 0x97), (.subAck, 0x9e), (.subAck, 0xa1...0xa2):
      true
    case (.unsubAck, 0x00), (.unsubAck, 0x11), (.unsubAck, 0x80), (.unsubAck, 0x83),
      (.unsubAck, 0x87), (.unsubAck, 0x8f), (.unsubAck, 0x91):
      true
    case (.disconnect, 0x00), (.disconnect, 0x04), (.disconnect, 0x80...0x83),
      (.disconnect, 0x87), (.disconnect, 0x89), (.disconnect, 0x8b...0x90),
      (.disconnect, 0x93...0xa2):
      true
    case (.auth, 0x00), (.auth, 0x18), (.auth, 0x19): true
    default: false
    }
  }
}
