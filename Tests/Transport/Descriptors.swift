import Glibc
import TestSupport

/// The descriptors of one test, closed when it lets go of them.
final class Descriptors {
  private var open: Set<CInt> = []

  deinit { for descriptor in open { Glibc.close(descriptor) } }

  func keep(_ descriptor: CInt) throws -> CInt {
    guard descriptor >= 0 else { throw Failed(errno: errno) }
    open.insert(descriptor)
    return descriptor
  }

  func close(_ descriptor: CInt) {
    if open.remove(descriptor) != nil { Glibc.close(descriptor) }
  }

  /// Two sockets that are connected to each other.
  func socketPair() throws -> (CInt, CInt) {
    var ends: [CInt] = [-1, -1]
    let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Failed(errno: errno) }
    return (try keep(ends[0]), try keep(ends[1]))
  }

  func pipe() throws -> (read: CInt, write: CInt) {
    var ends: [CInt] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { throw Failed(errno: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (try keep(ends[0]), try keep(ends[1]))
  }

  struct Failed: Error {
    var errno: CInt
  }
}

/// Writes bytes that fit into the pipe or socket.
func write(_ text: String, to descriptor: CInt) {
  _ = Array(text.utf8).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
}

/// Reads once, at most 64 KiB; nothing at the end.
func read(from descriptor: CInt, within seconds: Double = 5) throws -> String {
  guard isReadable(descriptor, within: seconds) else { throw Silent() }
  var block = [UInt8](repeating: 0, count: 64 << 10)
  let count = Glibc.read(descriptor, &block, block.count)
  guard count >= 0 else { throw Descriptors.Failed(errno: errno) }
  return String(decoding: block[..<count], as: UTF8.self)
}

struct Silent: Error {}
