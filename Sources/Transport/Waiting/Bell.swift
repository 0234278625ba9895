import CLinux
import Glibc

/// Wakes who waits for descriptors (eventfd).
package final class Bell: Sendable {
  /// Readable once it was rung.
  package let descriptor: CInt

  package init() throws(TransportError) { descriptor = try Self.make() }

  deinit { close(descriptor) }

  package func ring() { Self.ring(descriptor) }

  package func silence() { Self.silence(descriptor) }

  // MARK: For signal handlers, which know no objects

  package static func make() throws(TransportError) -> CInt {
    let descriptor = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
    if descriptor < 0 { throw .system(call: "eventfd", errno: errno) }
    return descriptor
  }

  /// Does only what a signal handler may.
  package static func ring(_ descriptor: CInt) {
    let saved = errno
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
    errno = saved
  }

  package static func silence(_ descriptor: CInt) {
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
  }
}
