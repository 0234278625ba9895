import MQTTProtocol

/// What was published before CONNACK came, to be held against the limits that it tells.
struct EarlyPublishing: Sendable {
  private var largest = 0
  private var qos = QoS.atMostOnce
  private var isRetained = false

  /// - Parameter size: bytes of the packet.
  mutating func add(_ publication: borrowing Publication, size: Int) {
    largest = max(largest, size)
    qos = max(qos, publication.qos)
    isRetained = isRetained || publication.plain.isRetained
  }

  /// Why this server cannot have taken it.
  func refusal(by limits: ServerLimits) -> Refusal? {
    if qos > limits.maximumQoS { return .qosNotSupported(qos, maximum: limits.maximumQoS) }
    if isRetained, !limits.retainAvailable { return .retainNotSupported }
    if largest > limits.maximumPacketSize {
      return .packetTooLarge(size: largest, limit: limits.maximumPacketSize)
    }
    return nil
  }
}
