// Opening a file that may decide what is sent where, and hold a password.

import Glibc
import OptionTable
import Transport

/// What is in a file of options.
struct ConfigFile {
  let bytes: [UInt8]
  /// Nobody but its owner can read it.
  let isPrivate: Bool

  /// Larger ones are none.
  static let limit = 1 << 20

  /// Reads a regular file, or `/dev/null`, without following a link in the path's last part.
  ///
  /// - Returns: nil when there is none, or no way to it for us.
  static func read(_ path: [UInt8]) throws(OptionError) -> ConfigFile? {
    let name = Argument(bytes: path).shown
    let terminated = path.cString
    // A named pipe would keep us until somebody opens its other end.
    let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
    let descriptor = open(terminated, flags)
    if descriptor < 0 {
      let reason = errno
      switch reason {
      case ENOENT, ENOTDIR: return nil
      // Not to be let into the folder (another user's HOME under sudo) is no mistake.
      case EACCES where !isThere(terminated): return nil
      case ELOOP: throw OptionError("\(name): is a symbolic link, which is not followed")
      default: throw fault(name, reason)
      }
    }
    defer { close(descriptor) }
    return try ConfigFile(descriptor, name, isFile: true)
  }

  /// Reads what the shell or the parent opened for us: a pipe, a file.
  static func read(inherited descriptor: CInt, _ name: String) throws(OptionError) -> ConfigFile {
    try ConfigFile(descriptor, name, isFile: false)
  }

  private init(_ descriptor: CInt, _ name: String, isFile: Bool) throws(OptionError) {
    var status = stat()
    if fstat(descriptor, &status) < 0 { throw Self.fault(name, errno) }
    let type = status.st_mode & S_IFMT
    if type == S_IFDIR { throw Self.fault(name, EISDIR) }
    if isFile, type != S_IFREG, type != S_IFCHR {
      throw OptionError("\(name): is no regular file")
    }
    isPrivate = type != S_IFREG || status.st_mode & 0o077 == 0
    bytes = try Self.readAll(descriptor, name)
  }

  private static func isThere(_ path: [CChar]) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  private static func readAll(_ descriptor: CInt, _ name: String) throws(OptionError) -> [UInt8] {
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = block.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { return bytes }
      if count > 0 {
        bytes += block[..<count]
        if bytes.count > limit { throw OptionError("\(name): larger than \(limit) bytes") }
      } else if errno == EAGAIN {
        var slot = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&slot, 1, -1)
      } else if errno != EINTR {
        throw fault(name, errno)
      }
    }
  }

  private static func fault(_ name: String, _ errno: CInt) -> OptionError {
    OptionError("\(TransportError.file(name: name, errno: errno))")
  }
}
