/// What an outbox knows beside its messages: one row, read and written whole, with a sum over all of it.
package struct Ledger: Sendable {
  /// Whose session it is.
  package var clientID: [UInt8]
  /// Words of options that reach the broker, each ended by a NUL.
  package var options: [UInt8] = []
  /// Messages up to this number may be on the wire.
  package var sentThrough: Int64 = 0
  /// Bytes of all messages that are there.
  package var bytes: Int64 = 0
  /// How many messages came in; the number of the last one.
  package var stored: Int64 = 0
  /// How many left, and how.
  package var delivered: Int64 = 0
  package var refused: Int64 = 0
  package var expired: Int64 = 0
  package var dropped: Int64 = 0

  /// Messages that are there.
  package var remaining: Int64 { stored - delivered - refused - expired - dropped }

  init(clientID: [UInt8]) { self.clientID = clientID }

  static func randomID() -> [UInt8] {
    let letters = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
    var random = SystemRandomNumberGenerator()
    // 23 characters are the most that MQTT 3.1 allows.
    let tail = (0..<18).map { _ in letters[Int(random.next(upperBound: UInt(letters.count)))] }
    return Array("apus-".utf8) + tail
  }

  private var checksum: Int64 {
    var sum = Checksum()
    sum.add(clientID)
    sum.add(options)
    for number in numbers { sum.add(number) }
    return sum.stored
  }

  private var numbers: [Int64] {
    [sentThrough, bytes, stored, delivered, refused, expired, dropped]
  }

  static let schema = """
    CREATE TABLE ledger (id INTEGER PRIMARY KEY CHECK (id = 1), client_id BLOB, options BLOB,
      sent_through INTEGER, bytes INTEGER, stored INTEGER, delivered INTEGER, refused INTEGER,
      expired INTEGER, dropped INTEGER, checksum INTEGER)
    """

  /// - Throws: `.damaged` where it is not there or not as it was written.
  init(from database: Database) throws(StoreFailure) {
    self.init(clientID: [])
    var sum: Int64?
    try database.run(
      """
      SELECT client_id, options, sent_through, bytes, stored, delivered, refused, expired, dropped,
        checksum FROM ledger WHERE id = 1
      """
    ) { row in
      clientID = row.bytes(0)
      options = row.bytes(1)
      sentThrough = row.integer(2)
      bytes = row.integer(3)
      stored = row.integer(4)
      delivered = row.integer(5)
      refused = row.integer(6)
      expired = row.integer(7)
      dropped = row.integer(8)
      sum = row.integer(9)
      return false
    }
    if sum != checksum {
      throw .damaged(path: database.path, reason: "its ledger is not as it was written")
    }
  }

  func write(to database: Database) throws(StoreFailure) {
    var values: [Value] = []
    var failure: StoreFailure?
    clientID.withUnsafeBytes { id in
      options.withUnsafeBytes { words in
        values = [.bytes(id), .bytes(words)] + numbers.map { .integer($0) } + [.integer(checksum)]
        do throws(StoreFailure) {
          try database.run(
            "INSERT OR REPLACE INTO ledger VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        } catch { failure = error }
      }
    }
    if let failure { throw failure }
  }
}
