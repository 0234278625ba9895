import CLinux
import Glibc

/// Wakes a thread that waits for descriptors (eventfd).
package final class Bell: Sendable {
  /// Readable once it was rung.
  package let descriptor: CInt

  package init() throws(TransportError) {
    descriptor = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
    if descriptor < 0 { throw .system(call: "eventfd", errno: errno) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  package func ring() {
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }

  package func silence() {
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
  }
}
