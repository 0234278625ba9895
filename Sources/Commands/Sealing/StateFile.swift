// `--state FILE`: what was received, from one run to the next.

import Glibc
import Sealing
import Transport

/// The file of a `ReplayGuard`, locked as long as this object lives and replaced as a whole.
final class StateFile {
  private let path: String
  private var descriptor: CInt

  /// Opens the file, or makes it.
  ///
  /// - Returns: what is in it.
  static func open(_ path: String) throws(Failure) -> (StateFile, ReplayGuard) {
    // Between opening and locking another command may have replaced it.
    for _ in 0..<10 {
      guard let file = try StateFile(path) else {
        try begin(path)
        continue
      }
      guard file.isCurrent else { continue }
      let memory = try file.read()
      // What cannot be replaced at the end is told at the start.
      do { try file.write(memory) } catch { throw Failure(.usage, "--state: \(error)") }
      return (file, memory)
    }
    throw Failure(.usage, "--state: \(path) is used by another command")
  }

  /// A file that remembers nothing yet; never one without content, which is a sign of damage.
  private static func begin(_ path: String) throws(Failure) {
    if !DurableFile.create(path, ReplayGuard().encoded), errno != EEXIST { throw fault(path) }
  }

  /// - Returns: nil when there is no such file.
  private init?(_ path: String) throws(Failure) {
    self.path = path
    descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
    if descriptor < 0 {
      if errno == ENOENT { return nil }
      if errno == ELOOP {
        throw Failure(
          .usage,
          "--state: \(path) is a symbolic link, which would be replaced by a file; name what it points to"
        )
      }
      throw Self.fault(path)
    }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK {
        throw Failure(.usage, "--state: \(path) is used by another command")
      }
      throw Self.fault(path)
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  private var isCurrent: Bool {
    var (own, named) = (stat(), stat())
    return fstat(descriptor, &own) == 0 && lstat(path, &named) == 0 && own.st_ino == named.st_ino
      && own.st_dev == named.st_dev
  }

  private func read() throws(Failure) -> ReplayGuard {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(.usage, "--state: \(path) is no regular file")
    }
    var bytes = [UInt8](repeating: 0, count: ReplayGuard.mostBytes + 1)
    var end = 0
    while end < bytes.count {
      let count = bytes.withUnsafeMutableBytes { bytes in
        Glibc.read(descriptor, bytes.baseAddress.map { $0 + end }, bytes.count - end)
      }
      if count < 0, errno != EINTR { throw Self.fault(path) }
      if count == 0 { break }
      end += max(count, 0)
    }
    guard end > 0, let memory = ReplayGuard(Array(bytes[..<end])) else {
      throw Failure(
        .usage,
        "--state: \(path) is damaged, or another kind of file; without it what was received before "
          + "is not known (remove it to begin anew)")
    }
    return memory
  }

  /// Replaces what is in the file; after a power failure it has the old or the new.
  func write(_ memory: ReplayGuard) throws(TransportError) {
    let draft = path + ".new"
    let new = Glibc.open(draft, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if new < 0 { throw .file(name: draft, errno: errno) }
    guard flock(new, LOCK_EX | LOCK_NB) == 0, DurableFile.write(memory.encoded, to: new),
      rename(draft, path) == 0
    else {
      let reason = errno
      close(new)
      throw .file(name: draft, errno: reason)
    }
    DurableFile.syncFolder(of: path)
    close(descriptor)
    descriptor = new
  }

  private static func fault(_ path: String) -> Failure {
    Failure(.usage, "--state: \(TransportError.file(name: path, errno: errno))")
  }
}
