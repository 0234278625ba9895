// Messages go out: what the one process does that sends.

import MQTTProtocol

/// What became of messages since the last commit, by their numbers.
package struct Settlement: Sendable {
  /// The server has them, as far as their QoS promises.
  package var delivered: [Int64] = []
  /// PUBREC came: from now on only PUBREL may be sent.
  package var received: [Int64] = []
  package var refused: [Int64] = []
  package var dropped: [Int64] = []

  package init() {}

  package var isEmpty: Bool {
    delivered.isEmpty && received.isEmpty && refused.isEmpty && dropped.isEmpty
  }
}

extension MessageStore {
  /// Finds out whether the outbox is whole; reads all of it but the payloads.
  package func check() throws(StoreFailure) {
    var fault = ""
    try database.run("PRAGMA quick_check(1)") { row in
      fault = String(decoding: row.bytes(0), as: UTF8.self)
      return false
    }
    if fault != "ok" { throw damaged("SQLite finds it out of order") }
    // Others may store meanwhile: one statement sees both.  A changed bit in the table's description makes
    // numbers that nothing finds.
    let excess = try database.number(
      """
      SELECT (SELECT count(*) FROM message WHERE number > 0) - (stored - delivered - refused - expired - dropped)
        FROM ledger
      """)
    if excess != 0 { throw damaged("messages are missing") }
  }

  /// The messages behind a number, in order: at most so many, and so many bytes, but at least one.
  package func messages(
    after number: Int64, through last: Int64 = .max, atMost count: Int = 1000,
    bytes: Int = 4 << 20
  ) throws(StoreFailure) -> [StoredMessage] {
    var messages: [StoredMessage] = []
    var size = 0
    try database.run(
      """
      SELECT number, progress, topic, qos, retain, properties, payload, stored_at, expires_at, checksum
        FROM message WHERE number > ? AND number <= ? ORDER BY number LIMIT ?
      """, [.integer(number), .integer(last), .integer(count)]
    ) { row throws(StoreFailure) in
      let message = try message(row)
      messages.append(message)
      size += message.size
      return size < bytes
    }
    return messages
  }

  private func message(_ row: Row) throws(StoreFailure) -> StoredMessage {
    let number = row.integer(0)
    let known = StoredMessage.Progress.allCases.first { $0.stored(number) == row.integer(1) }
    guard let progress = known,
      let qos = UInt8(exactly: row.integer(3)).flatMap({ QoS(rawValue: $0) })
    else { throw damaged("message \(number)") }
    var message = StoredMessage(
      topic: row.bytes(2), qos: qos, retain: row.integer(4) != 0, properties: row.bytes(5),
      payload: row.bytes(6))
    message.number = number
    message.progress = progress
    message.storedAt = row.integer(7)
    message.expiresAt = row.optional(8)
    let sum = message.payload.withUnsafeBytes { message.checksum($0) }
    if sum != row.integer(9) { throw damaged("message \(number)") }
    return message
  }

  /// Commits what became of messages, and that those up to a number may leave now.
  package func settle(
    _ settlement: Settlement, sentThrough: Int64? = nil
  ) throws(StoreFailure) {
    if settlement.isEmpty, sentThrough == nil { return }
    try change { () throws(StoreFailure) in
      for number in settlement.received { try set(.received, number) }
      ledger.delivered += try remove(settlement.delivered)
      ledger.refused += try remove(settlement.refused)
      ledger.dropped += try remove(settlement.dropped)
      if let sentThrough { ledger.sentThrough = max(ledger.sentThrough, sentThrough) }
    }
  }

  /// Takes away what is past its time.  What may be on the wire at QoS 2 goes on to its end, or its
  /// identifier would not become free.
  ///
  /// - Returns: how many.
  @discardableResult
  package func removeExpired() throws(StoreFailure) -> Int {
    let before = ledger.expired
    try change { () throws(StoreFailure) in try removeExpired(at: Self.now()) }
    return Int(max(0, ledger.expired - before))
  }

  func removeExpired(at now: Int64) throws(StoreFailure) {
    var gone: [Int64] = []
    try database.run(
      "SELECT number, qos FROM message WHERE expires_at <= ?", [.integer(now)]
    ) { row in
      let number = row.integer(0)
      if number > ledger.sentThrough || row.integer(1) != 2 { gone.append(number) }
      return true
    }
    ledger.expired += try remove(gone)
  }

  /// - Returns: how many of them were there.
  func remove(_ numbers: [Int64]) throws(StoreFailure) -> Int64 {
    var count: Int64 = 0
    for number in numbers {
      try database.run(
        """
        DELETE FROM message WHERE number = ?
          RETURNING length(topic) + length(properties) + length(payload)
        """, [.integer(number)]
      ) { row in
        ledger.bytes -= row.integer(0)
        count += 1
        return true
      }
    }
    return count
  }

  /// The server has lost what it had received: these messages have to be sent anew.
  package func reopen(_ numbers: Set<Int64>) throws(StoreFailure) {
    if numbers.isEmpty { return }
    try change { () throws(StoreFailure) in
      for number in numbers { try set(.waiting, number) }
    }
  }

  func set(_ progress: StoredMessage.Progress, _ number: Int64) throws(StoreFailure) {
    try database.run(
      "UPDATE message SET progress = ? WHERE number = ?",
      [.integer(progress.stored(number)), .integer(number)])
  }

  private func damaged(_ reason: String) -> StoreFailure {
    .damaged(path: folder.database, reason: reason)
  }
}
