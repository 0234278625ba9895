import MQTTProtocol
import MQTTSession
import Outbox

extension StoredMessage {
  /// - Returns: nil where the topic is none.
  func publication(_ version: ProtocolVersion) -> Publication? {
    guard let topic = try? TopicName(topic) else { return nil }
    var properties = decodedProperties
    if let interval = properties.number(.messageExpiryInterval) {
      // MQTT 5 §3.3.2.3.3: less the time that it waited.
      let waited = max(0, MessageStore.now() - storedAt) / 1000
      let rest = UInt32(clamping: max(1, Int64(interval) - waited))
      properties.set(Property(.messageExpiryInterval, rest))
    }
    return Publication(topic: topic, qos: qos, retain: retain, properties: properties, version)
  }

  /// Below MQTT 5 there are no properties, and nobody opens an envelope without its head.
  func canTravel(_ version: ProtocolVersion) -> Bool {
    version == .v5 || !decodedProperties.hasEnvelope
  }
}
