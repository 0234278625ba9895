import Glibc

/// Standard output, written to without ever waiting for its reader.
package final class OutputFile {
  /// What to wait on when a write would block.
  package private(set) var descriptor: CInt
  /// Bytes that were taken from us.
  package private(set) var written = 0
  private var kind = Kind.unknown

  private enum Kind {
    case unknown
    /// Regular files and devices take everything at once.
    case immediate
    /// A pipe or terminal, opened anew so that non-blocking mode is ours alone.
    case nonBlocking
    /// Not to be opened anew: written in pieces that fit once poll says so.
    case polled
    case socket
  }

  package static var standardOutput: OutputFile { OutputFile(descriptor: 1) }

  private init(descriptor: CInt) { self.descriptor = descriptor }

  deinit { if descriptor != 1 { close(descriptor) } }

  package func write(_ bytes: UnsafeRawBufferPointer) throws(TransportError) -> Transfer {
    if kind == .unknown { classify() }
    while true {
      let count: Int
      switch kind {
      case .socket:
        count = send(
          descriptor, bytes.baseAddress, bytes.count,
          CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL))
      case .polled:
        var slot = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        if poll(&slot, 1, 0) == 0 { return .wouldBlock(.writable) }
        count = Glibc.write(descriptor, bytes.baseAddress, min(bytes.count, Int(PIPE_BUF)))
      case .unknown, .immediate, .nonBlocking:
        count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
      }
      if count >= 0 {
        written += count
        return .bytes(count)
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldBlock(.writable)
      default: throw .file(name: "standard output", errno: errno)
      }
    }
  }

  package static var isPipe: Bool {
    var status = stat()
    return fstat(1, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
  }

  /// Bytes in a pipe that its reader has not taken yet.
  ///
  /// - Throws: when there is no reader any more.
  package func unread() throws(TransportError) -> Int {
    var slot = pollfd(fd: descriptor, events: 0, revents: 0)
    if poll(&slot, 1, 0) > 0, slot.revents & Int16(POLLERR) != 0 {
      throw .file(name: "standard output", errno: EPIPE)
    }
    var count: CInt = 0
    guard ioctl(descriptor, UInt(FIONREAD), &count) == 0 else {
      throw .file(name: "standard output", errno: errno)
    }
    return Int(count)
  }

  private func classify() {
    var status = stat()
    guard fstat(1, &status) == 0 else {
      kind = .immediate
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFIFO: reopen()
    case S_IFCHR where isatty(1) == 1: reopen()
    case S_IFSOCK: kind = .socket
    default: kind = .immediate
    }
  }

  private func reopen() {
    let own = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    if own >= 0 {
      descriptor = own
      kind = .nonBlocking
    } else {
      kind = .polled
    }
  }
}
