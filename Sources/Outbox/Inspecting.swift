// What people ask an outbox.

extension MessageStore {
  /// Some of the messages with these numbers are still there.
  package func holds(_ numbers: Range<Int64>) throws(StoreFailure) -> Bool {
    try database.number(
      "SELECT EXISTS (SELECT 1 FROM message WHERE number >= ? AND number < ?)",
      [.integer(numbers.lowerBound), .integer(numbers.upperBound)]) != 0
  }

  /// Takes a message out.  One at QoS 2 that may be on the wire keeps its identifier until the server
  /// has let go of it, or another message with that identifier would be taken for it.
  ///
  /// - Returns: false when there is none with that number.
  package func drop(_ number: Int64) throws(StoreFailure) -> Bool {
    guard let message = try messages(after: number - 1, through: number).first,
      message.progress != .dropped
    else { return false }
    try change { () throws(StoreFailure) in
      if message.qos == .exactlyOnce, number <= ledger.sentThrough {
        try set(.dropped, number)
      } else {
        ledger.dropped += try remove([number])
      }
    }
    return true
  }

  /// Takes everything out.  What may be on the wire stays behind in the session of the old client
  /// identifier.
  package func dropAll() throws(StoreFailure) -> Int64 {
    let count = ledger.remaining
    try change { () throws(StoreFailure) in
      try database.run("DELETE FROM message")
      ledger.dropped += ledger.remaining
      ledger.bytes = 0
      ledger.clientID = Ledger.randomID()
    }
    return count
  }
}
