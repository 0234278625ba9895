import MQTTProtocol

/// What the server said of itself in CONNACK, or what holds when it said nothing.  MQTT 5 §3.2.2.3.
package struct ServerLimits: Hashable, Sendable {
  package var receiveMaximum = 65_535
  package var maximumQoS = QoS.exactlyOnce
  package var retainAvailable = true
  /// Bytes of the largest packet it takes; no more than MQTT's lengths can say.
  package var maximumPacketSize = VariableByteInteger.maximum + 5
  package var topicAliasMaximum = 0
  package var wildcardsAvailable = true
  package var subscriptionIdentifiersAvailable = true
  package var sharedSubscriptionsAvailable = true
  /// Seconds; nil where ours holds.
  package var keepAlive: UInt16?
  /// What a response topic may begin with, if we asked.
  package var responseInformation: UTF8String?

  package init() {}

  init(_ properties: Properties) {
    if let number = properties.number(.receiveMaximum) { receiveMaximum = Int(number) }
    if let number = properties.number(.maximumQoS) {
      maximumQoS = number == 0 ? .atMostOnce : .atLeastOnce
    }
    retainAvailable = properties.flag(.retainAvailable, default: true)
    if let number = properties.number(.maximumPacketSize) {
      maximumPacketSize = min(Int(number), maximumPacketSize)
    }
    if let number = properties.number(.topicAliasMaximum) { topicAliasMaximum = Int(number) }
    wildcardsAvailable = properties.flag(.wildcardSubscriptionAvailable, default: true)
    subscriptionIdentifiersAvailable = properties.flag(
      .subscriptionIdentifierAvailable, default: true)
    sharedSubscriptionsAvailable = properties.flag(.sharedSubscriptionAvailable, default: true)
    responseInformation = properties.string(.responseInformation)
    keepAlive = properties.number(.serverKeepAlive).map { UInt16(truncatingIfNeeded: $0) }
  }

  /// True when this server takes a PUBLISH that was encoded for another connection.
  ///
  /// - Parameter packet: all its bytes; with none there is nothing to take.
  func take(_ packet: UnsafeRawBufferPointer) -> Bool {
    guard let flags = packet.first else { return false }
    return packet.count <= maximumPacketSize && flags >> 1 & 3 <= maximumQoS.rawValue
      && (retainAvailable || flags & 1 == 0)
  }
}
