// The database of an outbox.

import Glibc

/// Messages on a disk: whoever has stored one finds it again, whatever happens to the process or the
/// machine.  SQLite keeps several processes apart; a commit is on the disk when it returns.
package final class MessageStore {
  package let folder: OutboxFolder
  let database: Database
  /// As it was when the last transaction of ours began, with what that has changed.
  package internal(set) var ledger: Ledger

  /// The format that this program reads and writes.
  package static let format = 1
  /// `apus`, so that nobody takes another program's database for an outbox.
  private static let application = 0x6170_7573

  /// - Parameter creating: makes an outbox where there is none.
  package init(_ folder: OutboxFolder, creating: Bool) throws(StoreFailure) {
    self.folder = folder
    if !folder.exists {
      guard creating else { throw .missing(folder.path) }
      try folder.make()
    }
    if folder.hasLostItsHead {
      throw .damaged(path: folder.database, reason: "its first page is gone")
    }
    let database = try Database(folder.database, in: folder.path)
    self.database = database
    // All of it as at one moment: another process may be making it.
    let isOutbox = try database.reading { () throws(StoreFailure) in try Self.isOutbox(database) }
    if !isOutbox {
      guard creating else { throw .missing(folder.path) }
      try Self.create(database)
    }
    try database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    ledger = try Ledger(from: database)
  }

  /// - Returns: false for a file with nothing in it.
  private static func isOutbox(_ database: Database) throws(StoreFailure) -> Bool {
    if try database.number("PRAGMA page_count") == 0 { return false }
    let version = Int(try database.number("PRAGMA user_version"))
    let application = try database.number("PRAGMA application_id")
    // Between the first page and the tables a process may have been killed.
    if version == 0, application == 0,
      try database.number("SELECT count(*) FROM sqlite_schema") == 0
    {
      return false
    }
    if application != Self.application { throw .foreign(path: database.path) }
    if version > format { throw .newer(path: database.path, version: version) }
    if version < 1 { throw .damaged(path: database.path, reason: "it has no format") }
    return true
  }

  private static func create(_ database: Database) throws(StoreFailure) {
    try database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    try database.transaction { () throws(StoreFailure) in
      // Another process may have been faster.
      if try isOutbox(database) { return }
      try database.execute(Ledger.schema)
      try database.execute(
        """
        CREATE TABLE message (number INTEGER PRIMARY KEY, progress INTEGER, topic BLOB, qos INTEGER,
          retain INTEGER, properties BLOB, payload BLOB, stored_at INTEGER, expires_at INTEGER,
          checksum INTEGER)
        """)
      try Ledger(clientID: Ledger.randomID()).write(to: database)
      try database.execute(
        "PRAGMA application_id = \(application); PRAGMA user_version = \(format)")
    }
  }

  /// Changes messages and the ledger together, or neither.
  func change(_ work: () throws(StoreFailure) -> Void) throws(StoreFailure) {
    let before = ledger
    do throws(StoreFailure) {
      try database.transaction { () throws(StoreFailure) in
        ledger = try Ledger(from: database)
        try work()
        try ledger.write(to: database)
      }
    } catch {
      ledger = before
      throw error
    }
  }

  /// Reads the ledger again: other processes change it too.
  package func refresh() throws(StoreFailure) { ledger = try Ledger(from: database) }

  /// Remembers how to reach the broker.
  package func remember(options: [UInt8]) throws(StoreFailure) {
    if options == ledger.options { return }
    try change { ledger.options = options }
  }

  /// Milliseconds since 1970.
  package static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
