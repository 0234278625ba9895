// Messages come in.

import MQTTProtocol

extension MessageStore {
  /// What messages to be stored have in common.
  package struct Terms: Sendable {
    /// Bytes that the outbox may hold altogether.
    package var mostBytes: Int?
    /// Seconds after which a message is not worth sending.
    package var mostSeconds: Double?

    package init(mostBytes: Int? = nil, mostSeconds: Double? = nil) {
      self.mostBytes = mostBytes
      self.mostSeconds = mostSeconds
    }
  }

  /// Stores the messages that `next` returns until that is nil or the outbox is full, in one commit.
  ///
  /// - Parameter next: its payload is valid until the next call; that of the message is not looked at.
  /// - Returns: the numbers of those that are stored, and why the next one is not.
  package func store(
    _ terms: Terms, _ next: () -> (message: StoredMessage, payload: UnsafeRawBufferPointer)?
  ) throws(StoreFailure) -> (numbers: Range<Int64>, full: StoreFailure?) {
    var full: StoreFailure?
    var first: Int64 = 0
    try change { () throws(StoreFailure) in
      let now = Self.now()
      first = ledger.stored + 1
      while let next = next() {
        var message = next.message
        let payload = next.payload
        let size = message.size + payload.count
        if let most = terms.mostBytes, Int(ledger.bytes) + size > most {
          try removeExpired(at: now)
          if Int(ledger.bytes) + size > most {
            full = .full(path: folder.path, limit: most)
            return
          }
        }
        message.number = ledger.stored + 1
        message.storedAt = now
        message.expiresAt = expiry(of: message, terms, at: now)
        try insert(message, payload)
        ledger.stored += 1
        ledger.bytes += Int64(size)
      }
    }
    return (first..<(ledger.stored + 1), full)
  }

  /// The sooner of the message's own and the outbox's.  MQTT 5 §3.3.2.3.3.
  private func expiry(of message: StoredMessage, _ terms: Terms, at now: Int64) -> Int64? {
    let own = message.decodedProperties.number(.messageExpiryInterval).map { Int64($0) * 1000 }
    let general = terms.mostSeconds.map { Int64($0 * 1000) }
    return [own, general].compactMap { $0 }.min().map { now + $0 }
  }

  private func insert(
    _ message: StoredMessage, _ payload: UnsafeRawBufferPointer
  ) throws(StoreFailure) {
    var failure: StoreFailure?
    message.topic.withUnsafeBytes { topic in
      message.properties.withUnsafeBytes { properties in
        do throws(StoreFailure) {
          try database.run(
            "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
              .integer(message.number), .integer(message.progress.stored(message.number)),
              .bytes(topic), .integer(Int(message.qos.rawValue)), .integer(message.retain ? 1 : 0),
              .bytes(properties), .bytes(payload), .integer(message.storedAt),
              .optional(message.expiresAt), .integer(message.checksum(payload)),
            ])
        } catch { failure = error }
      }
    }
    if let failure { throw failure }
  }
}
