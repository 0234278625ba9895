import MQTTProtocol

/// A message as it lies in the input; valid until the input changes or the session's next call.
package struct ReceivedMessage {
  package var topic: UnsafeRawBufferPointer
  package var payload: UnsafeRawBufferPointer
  /// The properties with their length in front; empty below MQTT 5.
  package var properties: UnsafeRawBufferPointer
  package var qos: QoS
  package var retain: Bool
  package var duplicate: Bool
  package var packetID: PacketID?

  package init(
    topic: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer,
    properties: UnsafeRawBufferPointer, qos: QoS, retain: Bool, duplicate: Bool = false,
    packetID: PacketID?
  ) {
    self.topic = topic
    self.payload = payload
    self.properties = properties
    self.qos = qos
    self.retain = retain
    self.duplicate = duplicate
    self.packetID = packetID
  }
}

extension ReceivedMessage {
  /// Calls `body` with each property in wire order.
  package func forEachProperty(_ body: (RawProperty) -> Void) {
    PropertyReader.forEach(in: properties) { property in
      body(property)
      return true
    }
  }

  /// The text or data of a property that comes once; nil where the message has none.
  package func bytes(of id: PropertyID) -> UnsafeRawBufferPointer? {
    var found: UnsafeRawBufferPointer?
    PropertyReader.forEach(in: properties) { property in
      if property.id == id { found = bytes(property.first) }
      return found == nil
    }
    return found
  }

  /// A part of the properties.
  package func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: properties[range])
  }
}
