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

  package enum Progress: Int64, Sendable {
    case waiting = 0
    /// PUBREC came, or the message was given up after it was sent: only PUBREL and PUBCOMP are left.
    case received = 1
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

/// A sum over what must not change unseen: SQLite finds out about its pages' order, not about their
/// bytes.  FNV-1a, in which no single changed bit is lost.
struct Checksum {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    add(Int64(bytes.count))
    var sum = value
    for byte in bytes { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3 }
    value = sum
  }

  mutating func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add($0) } }

  mutating func add(_ number: Int64) {
    var rest = UInt64(bitPattern: number)
    for _ in 0..<8 {
      value = (value ^ (rest & 0xff)) &* 0x100_0000_01b3
      rest >>= 8
    }
  }

  /// As SQLite keeps it.
  var stored: Int64 { Int64(bitPattern: value) }

  static func received(_ number: Int64) -> Int64 {
    var sum = Checksum()
    sum.add(number)
    sum.add(-1)
    return sum.stored
  }
}
