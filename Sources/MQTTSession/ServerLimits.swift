import MQTTProtocol

/// What the server said of itself in CONNACK, or what holds when it said nothing.  MQTT 5 §3.2.2.3.
package struct ServerLimits: Hashable, Sendable {
  package var receiveMaximum = 65_535
  package var maximumQoS = QoS.exactlyOnce
  package var retainAvailable = true
  /// Bytes of the largest packet it takes.
  package var maximumPacketSize = VariableByteInteger.maximum + 5
  package var topicAliasMaximum = 0
  package var wildcardsAvailable = true
  package var subscriptionIdentifiersAvailable = true
  package var sharedSubscriptionsAvailable = true
  /// Seconds; nil where ours holds.
  package var keepAlive: UInt16?

  package init() {}

  init(_ properties: Properties) {
    if let number = properties.number(.receiveMaximum) { receiveMaximum = Int(number) }
    if let number = properties.number(.maximumQoS) {
      maximumQoS = number == 0 ? .atMostOnce : .atLeastOnce
    }
    retainAvailable = properties.flag(.retainAvailable, default: true)
    if let number = properties.number(.maximumPacketSize) { maximumPacketSize = Int(number) }
    if let number = properties.number(.topicAliasMaximum) { topicAliasMaximum = Int(number) }
    wildcardsAvailable = properties.flag(.wildcardSubscriptionAvailable, default: true)
    subscriptionIdentifiersAvailable = properties.flag(
      .subscriptionIdentifierAvailable, default: true)
    sharedSubscriptionsAvailable = properties.flag(.sharedSubscriptionAvailable, default: true)
    keepAlive = properties.number(.serverKeepAlive).map { UInt16(truncatingIfNeeded: $0) }
  }
}
