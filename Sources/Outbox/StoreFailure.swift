// Why an outbox cannot do what it was asked for.

import Glibc

/// Texts name the outbox; nothing in them comes unescaped from outside but its path, which is typed.
package enum StoreFailure: Error, Hashable, Sendable, CustomStringConvertible {
  case missing(String)
  case system(path: String, reason: String)
  /// Of SQLite: a full disk, a file that may not be written.
  case database(path: String, reason: String)
  case damaged(path: String, reason: String)
  /// A later apus made it.
  case newer(path: String, version: Int)
  /// It is a database, but no outbox.
  case foreign(path: String)
  case full(path: String, limit: Int)
  case busy(path: String)

  /// What the system calls an error, as a part of a line.
  static func reason(_ errno: CInt) -> String {
    let text = String(cString: strerror(errno))
    return text.prefix(1).lowercased() + text.dropFirst()
  }

  package var description: String {
    switch self {
    case .missing(let path):
      "\(path): there is no outbox; apus pub --outbox makes one"
    case .system(let path, let reason), .database(let path, let reason): "\(path): \(reason)"
    case .damaged(let path, let reason): "\(path): the outbox is damaged (\(reason))"
    case .newer(let path, let version):
      "\(path): the outbox is of format \(version), made by a newer apus: this one knows format "
        + "\(MessageStore.format)"
    case .foreign(let path): "\(path): a database, but not an outbox"
    case .full(let path, let limit):
      "\(path): the outbox is full: --max-size allows \(limit) bytes"
    case .busy(let path):
      "\(path): another apus is sending from this outbox; try again when it has ended"
    }
  }
}
