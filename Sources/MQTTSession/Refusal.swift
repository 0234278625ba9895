import MQTTProtocol

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
