// Many descriptors to wait for, behind one.

import CLinux
import Glibc

/// Descriptors that are waited for together: `descriptor` is readable as soon as one of them is (epoll).
package final class WatchSet {
  /// What to wait on.
  package let descriptor: CInt

  package init() throws(TransportError) {
    descriptor = epoll_create1(CInt(EPOLL_CLOEXEC))
    if descriptor < 0 { throw .system(call: "epoll_create1", errno: errno) }
  }

  deinit { close(descriptor) }

  /// - Parameter token: what `ready` calls it.
  package func add(readable watched: CInt, token: Int) throws(TransportError) {
    var event = epoll_event()
    event.events = EPOLLIN.rawValue
    event.data.u64 = UInt64(bitPattern: Int64(token))
    if epoll_ctl(descriptor, EPOLL_CTL_ADD, watched, &event) < 0 {
      throw .system(call: "epoll_ctl", errno: errno)
    }
  }

  /// To be called before the descriptor is closed.
  package func remove(_ watched: CInt) {
    var event = epoll_event()
    _ = epoll_ctl(descriptor, EPOLL_CTL_DEL, watched, &event)
  }

  /// The tokens of those that can be read now, some at a time; never waits.
  package func ready() -> [Int] {
    withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 64) { events in
      let count = epoll_wait(descriptor, events.baseAddress, CInt(events.count), 0)
      return events.prefix(max(0, Int(count))).map { Int(Int64(bitPattern: $0.data.u64)) }
    }
  }
}
