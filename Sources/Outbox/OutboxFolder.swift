// The folder of an outbox: its files, and who may send from it.

import Glibc

/// Where an outbox is.
package struct OutboxFolder: Sendable {
  package let path: String
  var database: String { path + "/outbox.db" }

  package init(_ path: String) { self.path = path }

  package var exists: Bool { access(database, F_OK) == 0 }

  /// Makes the folder and an empty database; others of this machine see neither.
  func make() throws(StoreFailure) {
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw failure(path) }
    // Its log takes its mode from it.
    let file = open(database, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if file < 0 { throw failure(database) }
    close(file)
    // The names have to last as long as what is in the files.
    for folder in [path, path + "/.."] {
      let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      if descriptor >= 0 {
        fsync(descriptor)
        close(descriptor)
      }
    }
  }

  /// SQLite takes a file with less than a page in it for a new database, and throws its log away.
  var hasLostItsHead: Bool {
    // In this order: another process may be making both right now, the log last.
    let log = Self.size(database + "-wal") ?? 0
    let size = Self.size(database) ?? 0
    return size == 0 ? log > 0 : size < 512
  }

  private static func size(_ name: String) -> Int? {
    var status = stat()
    return stat(name, &status) == 0 ? Int(status.st_size) : nil
  }

  /// Takes the right to send, which ends with the process.
  ///
  /// - Returns: nil when another process has it.
  package func lockForSending() throws(StoreFailure) -> SenderLock? {
    let name = path + "/sender.lock"
    let file = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if file < 0 { throw failure(name) }
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      let number = errno
      close(file)
      if number == EWOULDBLOCK { return nil }
      throw .system(path: name, reason: StoreFailure.reason(number))
    }
    return SenderLock(descriptor: file)
  }

  /// Puts a damaged database away, so that the next run begins anew and nothing is lost that can still
  /// be read.
  ///
  /// - Parameter lock: the right to send, if we have it.
  /// - Returns: where it is now; nil when another process still sends from it, or it is not to be moved.
  package func setAside(holding lock: SenderLock? = nil) -> String? {
    guard let lock = lock ?? (try? lockForSending()) ?? nil else { return nil }
    defer { withExtendedLifetime(lock) {} }
    var name = ""
    for number in 1... {
      name = database + ".damaged-\(number)"
      if access(name, F_OK) != 0 { break }
    }
    guard rename(database, name) == 0 else { return nil }
    // The log is half of the database; the index of the log is made anew.
    _ = rename(database + "-wal", name + "-wal")
    unlink(database + "-shm")
    return name
  }

  private func failure(_ name: String) -> StoreFailure {
    .system(path: name, reason: StoreFailure.reason(errno))
  }
}

/// The right to send from an outbox, as long as this object lives.
package final class SenderLock: Sendable {
  private let descriptor: CInt

  fileprivate init(descriptor: CInt) { self.descriptor = descriptor }

  deinit { close(descriptor) }
}
