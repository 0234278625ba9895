import MQTTProtocol

/// Why a connection is over.
package enum SessionFault: Error, Hashable, Sendable {
  case malformed(MalformedPacket)
  /// A packet that this side never receives, or not now.
  case unexpected(PacketType)
  /// An answer to nothing that was asked.
  case unsolicited(PacketType, PacketID)
  case wrongCodeCount(PacketType, expected: Int, received: Int)
  case sessionPresentAfterCleanStart
  case noClientIdentifierAssigned
  case receiveMaximumExceeded(Int)
  case topicAliasInvalid(Int, maximum: Int)
  case topicAliasUnknown(Int)
  case subscriptionIdentifierUnknown(UInt32)
  case qosNotAllowed(QoS)
  case problemInformationUnasked(PacketType)
  case authenticationMethodMismatch
  case sessionExpiryFromServer
  case keepAliveTimeout
  /// What was published before CONNACK is more than the server takes.
  case earlyPublishNotSupported(Refusal)
  /// The server refused the connection.
  case refused(ConnAck)
  /// The server ended the connection with DISCONNECT.
  case disconnected(Disconnect)

  /// The code to tell the server; nil when it knows.  MQTT 5 §4.13.
  package var reason: ReasonCode? {
    switch self {
    case .malformed(let fault): fault.reason
    case .receiveMaximumExceeded: .receiveMaximumExceeded
    case .topicAliasInvalid: .topicAliasInvalid
    case .qosNotAllowed: .qosNotSupported
    case .keepAliveTimeout: .keepAliveTimeout
    case .refused, .disconnected, .earlyPublishNotSupported: nil
    default: .protocolError
    }
  }
}

extension SessionFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformed(let fault): "the server sent \(fault)"
    case .unexpected(let type): "the server sent an unexpected \(type)"
    case .unsolicited(let type, let id):
      "the server sent \(type) for packet identifier \(id), which is not in use"
    case .wrongCodeCount(let type, let expected, let received):
      "the server sent \(type) with \(received) reason codes for \(expected) topic filters"
    case .sessionPresentAfterCleanStart:
      "the server resumed a session although a clean one was asked for"
    case .noClientIdentifierAssigned: "the server assigned no client identifier"
    case .receiveMaximumExceeded(let maximum):
      "the server exceeded our Receive Maximum of \(maximum)"
    case .topicAliasInvalid(let alias, let maximum):
      "the server used topic alias \(alias), above our maximum of \(maximum)"
    case .topicAliasUnknown(let alias): "the server used topic alias \(alias) without a topic"
    case .subscriptionIdentifierUnknown(let id):
      "the server sent subscription identifier \(id), which is not ours"
    case .qosNotAllowed(let qos): "the server sent a message with QoS \(qos.rawValue)"
    case .problemInformationUnasked(let type):
      "the server sent problem information in \(type) although we asked for none"
    case .authenticationMethodMismatch: "the server changed the authentication method"
    case .sessionExpiryFromServer: "the server sent a session expiry interval in DISCONNECT"
    case .keepAliveTimeout: "the server did not answer PINGREQ in time"
    case .earlyPublishNotSupported(let refusal): "\(refusal)"
    case .refused(let connAck):
      "connection refused by the server (code \(connAck.code))"
    case .disconnected(let packet): "disconnected by the server: \(packet.reason)"
    }
  }
}

/// Why a packet cannot be sent.
package enum Refusal: Error, Hashable, Sendable {
  case notConnected
  /// The in-flight window is full; try again after an acknowledgement.
  case windowFull
  case packetTooLarge(size: Int, limit: Int)
  case qosNotSupported(QoS, maximum: QoS)
  case retainNotSupported
  case wildcardsNotSupported(TopicFilter)
  case sharedSubscriptionsNotSupported(TopicFilter)
  case subscriptionIdentifiersNotSupported
  /// A Session Expiry Interval in DISCONNECT after a CONNECT that had none (MQTT 5 §3.14.2.2.2).
  case sessionExpiryNotAllowed
  case noAuthenticationMethod
  /// AUTH out of turn: nobody asked, or re-authentication is under way already.
  case notAuthenticating
}

extension Refusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notConnected: "not connected"
    case .windowFull: "too many unacknowledged messages"
    case .packetTooLarge(let size, let limit):
      "a packet of \(size) bytes is above the server's limit of \(limit)"
    case .qosNotSupported(let qos, let maximum):
      "QoS \(qos.rawValue) is above the server's maximum of \(maximum.rawValue)"
    case .retainNotSupported: "the server does not support retained messages"
    case .wildcardsNotSupported(let filter):
      "'\(filter)': the server does not support wildcard subscriptions"
    case .sharedSubscriptionsNotSupported(let filter):
      "'\(filter)': the server does not support shared subscriptions"
    case .subscriptionIdentifiersNotSupported:
      "the server does not support subscription identifiers"
    case .sessionExpiryNotAllowed:
      "a session expiry interval in DISCONNECT needs one in CONNECT"
    case .noAuthenticationMethod: "AUTH needs an authentication method in CONNECT"
    case .notAuthenticating: "AUTH out of turn"
    }
  }
}
