// SQLite, as much of it as an outbox needs.

import CSQLite
import Glibc

/// An open database.  Owns its handle and the statements made from it.
final class Database {
  let path: String
  private let handle: OpaquePointer
  private var statements: [String: OpaquePointer] = [:]

  /// Seconds to wait for others.  They hold the database for a commit at most, which is a few writes to a disk.
  private static let patience: time_t = 60
  private var waitsSince = timespec()
  private var queue: Queue

  /// Opens a file that is there.
  init(_ path: String, in folder: String) throws(StoreFailure) {
    self.path = path
    queue = Queue(folder)
    var handle: OpaquePointer?
    let code = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
    guard let handle, code == SQLITE_OK else {
      sqlite3_close(handle)
      throw .database(path: path, reason: String(cString: sqlite3_errstr(code)))
    }
    self.handle = handle
    let this = Unmanaged.passUnretained(self).toOpaque()
    sqlite3_busy_handler(
      handle,
      { this, count in
        this.map { Unmanaged<Database>.fromOpaque($0).takeUnretainedValue().wait(count) } == true
          ? 1 : 0
      }, this)
  }

  deinit {
    for statement in statements.values { sqlite3_finalize(statement) }
    sqlite3_close(handle)
  }

  /// Waits a moment.  SQLite's own handler would in the end look ten times a second, and hardly ever find the
  /// moment in which nobody has the database.
  ///
  /// - Returns: false when that has been going on for too long.
  private func wait(_ count: CInt) -> Bool {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    if count == 0 { waitsSince = now }
    queue.wait()
    return now.tv_sec - waitsSince.tv_sec < Self.patience
  }

  /// Runs statements that return nothing.
  func execute(_ text: String) throws(StoreFailure) {
    defer { queue.leave() }
    if sqlite3_exec(handle, text, nil, nil, nil) != SQLITE_OK { throw failure }
  }

  /// A transaction that may write; what fails in it leaves nothing behind.
  func transaction(_ work: () throws(StoreFailure) -> Void) throws(StoreFailure) {
    queue.letOthersIn()
    try execute("BEGIN IMMEDIATE")
    do throws(StoreFailure) {
      try work()
      try execute("COMMIT")
    } catch {
      // A full disk may have rolled it back already.
      _ = try? execute("ROLLBACK")
      throw error
    }
  }

  /// Reads what others may be changing as it is at one moment.
  func reading<Result>(_ work: () throws(StoreFailure) -> Result) throws(StoreFailure) -> Result {
    try execute("BEGIN")
    defer { _ = try? execute("ROLLBACK") }
    return try work()
  }

  /// Runs one statement, calling `row` for each row that it returns until that says false.
  func run(
    _ text: String, _ values: [Value] = [], row: (Row) throws(StoreFailure) -> Bool = { _ in true }
  ) throws(StoreFailure) {
    let statement = try prepared(text)
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    for (index, value) in values.enumerated() {
      let place = CInt(index + 1)
      let code =
        switch value {
        case .integer(let number): sqlite3_bind_int64(statement, place, number)
        case .null: sqlite3_bind_null(statement, place)
        case .bytes(let bytes) where bytes.isEmpty: sqlite3_bind_zeroblob(statement, place, 0)
        // Nil: the bytes stay where they are until the statement was run.
        case .bytes(let bytes):
          sqlite3_bind_blob64(
            statement, place, bytes.baseAddress, sqlite3_uint64(bytes.count), nil)
        }
      if code != SQLITE_OK { throw failure }
    }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: if !(try row(Row(statement: statement))) { return }
      case SQLITE_DONE: return
      default: throw failure
      }
    }
  }

  /// The number in the first column of the first row; 0 without one.
  func number(_ text: String, _ values: [Value] = []) throws(StoreFailure) -> Int64 {
    var number: Int64 = 0
    try run(text, values) { row in
      number = row.integer(0)
      return false
    }
    return number
  }

  /// Rows that the last statement changed.
  var changes: Int { Int(sqlite3_changes(handle)) }

  private func prepared(_ text: String) throws(StoreFailure) -> OpaquePointer {
    if let statement = statements[text] { return statement }
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, text, -1, &statement, nil) == SQLITE_OK, let statement else {
      throw failure
    }
    statements[text] = statement
    return statement
  }

  private var failure: StoreFailure {
    let reason = String(cString: sqlite3_errmsg(handle))
    switch sqlite3_errcode(handle) & 0xff {
    case SQLITE_CORRUPT, SQLITE_NOTADB: return .damaged(path: path, reason: reason)
    // Tables that are not there, numbers where text should be.
    case SQLITE_ERROR, SQLITE_MISMATCH: return .damaged(path: path, reason: reason)
    case SQLITE_FULL: return .database(path: path, reason: "the disk is full")
    case SQLITE_IOERR:
      let number = sqlite3_system_errno(handle)
      let detail = number == 0 ? reason : StoreFailure.reason(number)
      return .database(path: path, reason: "cannot be read or written: \(detail)")
    case SQLITE_READONLY: return .database(path: path, reason: "may not be written")
    case SQLITE_BUSY: return .database(path: path, reason: "in use by another process for too long")
    default: return .database(path: path, reason: reason)
    }
  }
}

/// What is bound to a statement.
enum Value {
  case integer(Int64)
  case null
  case bytes(UnsafeRawBufferPointer)

  static func integer(_ number: Int) -> Value { .integer(Int64(number)) }
  static func optional(_ number: Int64?) -> Value { number.map { .integer($0) } ?? .null }
}

/// A row of a statement's result; valid until the next.
struct Row {
  fileprivate let statement: OpaquePointer

  func integer(_ column: CInt) -> Int64 { sqlite3_column_int64(statement, column) }

  func optional(_ column: CInt) -> Int64? {
    sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : integer(column)
  }

  func bytes(_ column: CInt) -> [UInt8] {
    let start = sqlite3_column_blob(statement, column)
    return [UInt8](
      UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
  }
}
