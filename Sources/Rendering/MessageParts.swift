import MQTTProtocol

/// A received message as the formats see it.  Its bytes are borrowed for one call.
package struct MessageParts {
  package var topic: UnsafeRawBufferPointer
  package var payload: UnsafeRawBufferPointer
  /// MQTT 5 properties with their length in front; empty below MQTT 5.
  package var properties: UnsafeRawBufferPointer
  package var qos: QoS
  package var retain: Bool
  /// 0 at QoS 0.
  package var packetID: UInt16

  package init(
    topic: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer,
    properties: UnsafeRawBufferPointer = .init(start: nil, count: 0), qos: QoS = .atMostOnce,
    retain: Bool = false, packetID: UInt16 = 0
  ) {
    self.topic = topic
    self.payload = payload
    self.properties = properties
    self.qos = qos
    self.retain = retain
    self.packetID = packetID
  }

  /// Calls `body` with each property in wire order until it returns false.
  package func forEachProperty(_ body: (RawProperty) -> Bool) {
    PropertyReader.forEach(in: properties, body)
  }

  /// The first property of a kind.
  func property(_ id: PropertyID) -> RawProperty? {
    var found: RawProperty?
    forEachProperty { property in
      if property.id == id { found = property }
      return found == nil
    }
    return found
  }

  package func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: properties[range])
  }
}
