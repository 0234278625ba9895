// Messages of an outbox that are on their way.

import MQTTProtocol
import Outbox

/// What is known of messages between their first PUBLISH and the disk's word that they are done.
struct OutboxFlight {
  private var numbers: [PacketID: Int64] = [:]
  /// Of these, what PUBREC came for.
  private var received: Set<Int64> = []
  /// Of these, what is not to be delivered any more.
  private var dropped: Set<Int64> = []
  /// No number in flight is below.
  private var oldest: Int64 = 0
  /// What the disk does not know yet.
  var settlement = Settlement()

  /// A message has a packet identifier.
  mutating func begin(_ id: PacketID, _ number: Int64) {
    if numbers.isEmpty { oldest = number }
    numbers[id] = number
  }

  /// The same for one that an earlier run has begun.
  mutating func resume(_ id: PacketID, _ message: StoredMessage) {
    begin(id, message.number)
    if message.progress == .received { received.insert(message.number) }
    if message.progress == .dropped { dropped.insert(message.number) }
  }

  func number(of id: PacketID) -> Int64? { numbers[id] }

  /// No message in flight has the packet identifier that belongs to this number.
  ///
  /// - Parameter most: numbers between which all identifiers differ.
  mutating func hasIdentifier(for number: Int64, most: Int) -> Bool {
    if number - oldest < Int64(most) { return true }
    oldest = numbers.values.min() ?? number
    return number - oldest < Int64(most)
  }

  /// PUBREC came.
  mutating func noteReceived(_ id: PacketID) {
    guard let number = numbers[id] else { return }
    settlement.received.append(number)
    received.insert(number)
  }

  /// The last acknowledgement came.
  ///
  /// - Parameter note: puts the number where it belongs, unless nobody wants to hear of it.
  mutating func finish(_ id: PacketID, _ note: (inout Settlement, Int64) -> Void) {
    guard let number = take(id) else { return }
    note(&settlement, number)
  }

  /// The server does not take it any more.
  ///
  /// - Returns: its number; nil where it was not to be delivered.
  mutating func abandon(_ id: PacketID) -> Int64? { take(id) }

  /// With the session the server has lost the identifiers of messages that were dropped, too.
  private mutating func take(_ id: PacketID) -> Int64? {
    guard let number = numbers.removeValue(forKey: id) else { return nil }
    received.remove(number)
    if dropped.remove(number) == nil { return number }
    settlement.dropped.append(number)
    return nil
  }

  /// The session is lost: what had its PUBREC begins anew.
  mutating func takeReceived() -> Set<Int64> {
    defer { received = [] }
    return received
  }
}
