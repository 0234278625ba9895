import MQTTProtocol

/// The packet identifiers of QoS 2 messages that were taken but not yet released by PUBREL: while one
/// is in here, the same identifier is the same message.  MQTT 5 §4.3.3.
struct ReceivedIDs {
  private(set) var count = 0
  /// A bit an identifier; 8 KiB, taken when the first QoS 2 message arrives.
  private var bits: [UInt64] = []

  func contains(_ id: PacketID) -> Bool {
    if count == 0 { return false }
    return bits[Int(id.rawValue >> 6)] & Self.bit(id) != 0
  }

  /// - Returns: false when it was in already.
  mutating func insert(_ id: PacketID) -> Bool {
    if bits.isEmpty { bits = Array(repeating: 0, count: 1024) }
    if contains(id) { return false }
    bits[Int(id.rawValue >> 6)] |= Self.bit(id)
    count += 1
    return true
  }

  /// - Returns: false when it was not in.
  mutating func remove(_ id: PacketID) -> Bool {
    guard contains(id) else { return false }
    bits[Int(id.rawValue >> 6)] &= ~Self.bit(id)
    count -= 1
    return true
  }

  mutating func removeAll() {
    bits = []
    count = 0
  }

  private static func bit(_ id: PacketID) -> UInt64 { 1 << UInt64(id.rawValue & 63) }
}
