import MQTTProtocol
import Outbox

/// The next messages of an outbox: they are noted as sent before any of them is.
struct OutboxQueue {
  private var messages: [StoredMessage] = []
  /// Where the next one is.
  private var head = 0
  /// Messages up to this number were in the queue or in flight.
  private(set) var loadedThrough: Int64

  init(loadedThrough: Int64) { self.loadedThrough = loadedThrough }

  var isEmpty: Bool { head == messages.count }
  var first: StoredMessage? { isEmpty ? nil : messages[head] }

  mutating func removeFirst() { head += 1 }

  /// Takes messages from the outbox in place of those before.  At QoS 0 they are gone from it: none arrives
  /// twice.
  ///
  /// - Parameter settlement: what the disk does not know yet; it is empty afterwards.
  /// - Returns: how many were dropped, since they are past their time.
  mutating func load(
    _ store: MessageStore, _ settlement: inout Settlement
  ) throws(StoreFailure) -> Int {
    messages.removeAll(keepingCapacity: true)
    head = 0
    try store.refresh()
    var loaded = try store.messages(after: loadedThrough, through: store.ledger.stored)
    guard let last = loaded.last?.number else {
      loadedThrough = max(loadedThrough, store.ledger.stored)
      return 0
    }
    var expired = 0
    let now = MessageStore.now()
    if loaded.contains(where: { $0.isExpired(at: now) }) {
      expired = try store.removeExpired()
      loaded.removeAll { $0.isExpired(at: now) }
    }
    settlement.delivered += loaded.filter { $0.qos == .atMostOnce }.map(\.number)
    try store.settle(settlement, sentThrough: last)
    settlement = Settlement()
    loadedThrough = last
    messages = loaded
    return expired
  }
}
