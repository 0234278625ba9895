import MQTTProtocol

/// A message as an outbox holds it.
package struct StoredMessage: Sendable {
  /// Counted from 1 in the order of storing, and never used again.
  package var number: Int64 = 0
  /// What of it the server has.
  package var progress = Progress.waiting
  package var topic: [UInt8]
  package var qos: QoS
  package var retain: Bool
  /// With their length in front; empty where there are none.
  package var properties: [UInt8]
  package var payload: [UInt8]
  /// Milliseconds since 1970.
  package var storedAt: Int64 = 0
  /// After that it is not worth sending.
  package var expiresAt: Int64?

  package enum Progress: Int64, Sendable, CaseIterable {
    case waiting
    /// PUBREC came: as long as the server keeps the session only PUBREL may be sent.
    case received
    /// Taken out after it was sent at QoS 2: only its identifier has to be released yet.
    case dropped

    /// As it is kept: no changed bit makes one of another.
    func stored(_ number: Int64) -> Int64 {
      var sum = Checksum()
      sum.add(number)
      sum.add(rawValue)
      return sum.stored
    }
  }

  package init(
    topic: [UInt8], qos: QoS, retain: Bool, properties: [UInt8], payload: [UInt8]
  ) {
    self.topic = topic
    self.qos = qos
    self.retain = retain
    self.properties = properties
    self.payload = payload
  }

  /// Bytes that count for the size of an outbox.
  package var size: Int { topic.count + properties.count + payload.count }

  package func isExpired(at now: Int64) -> Bool { expiresAt.map { $0 <= now } ?? false }
}

extension StoredMessage {
  func checksum(_ payload: UnsafeRawBufferPointer) -> Int64 {
    var sum = Checksum()
    sum.add(number)
    sum.add(topic)
    sum.add(Int64(qos.rawValue))
    sum.add(retain ? 1 : 0)
    sum.add(properties)
    sum.add(payload)
    sum.add(storedAt)
    sum.add(expiresAt ?? -1)
    return sum.stored
  }

  /// None where they cannot be read, which their sum rules out.
  package var decodedProperties: Properties {
    if properties.isEmpty { return .none }
    return properties.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      return (try? Properties(from: &reader, .publish)) ?? .none
    }
  }
}
