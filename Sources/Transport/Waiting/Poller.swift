// Waiting for thousands of descriptors at once.

import CLinux
import Glibc

/// One epoll instance, of one thread.
package final class Poller {
  private let descriptor: CInt
  private let events: UnsafeMutableBufferPointer<epoll_event>
  /// The kernel has no epoll_pwait2 (before Linux 5.11).
  private var isCoarse = false

  package init() throws(TransportError) {
    descriptor = epoll_create1(CInt(EPOLL_CLOEXEC))
    events = .allocate(capacity: 512)
    if descriptor < 0 { throw .system(call: "epoll_create1", errno: errno) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    events.deallocate()
  }

  /// - Parameter token: what `wait` calls it.
  package func add(_ watch: Watch, token: Int) throws(TransportError) {
    try control(EPOLL_CTL_ADD, watch, token)
  }

  package func change(_ watch: Watch, token: Int) throws(TransportError) {
    try control(EPOLL_CTL_MOD, watch, token)
  }

  /// To be called before the descriptor is closed.
  package func remove(_ watched: CInt) {
    var event = epoll_event()
    _ = epoll_ctl(descriptor, EPOLL_CTL_DEL, watched, &event)
  }

  /// Waits until something is ready or the time is over.
  ///
  /// - Returns: how many are ready; `token` tells which.
  package func wait(nanoseconds: Int64) throws(TransportError) -> Int {
    let count = max(0, nanoseconds)
    var result: CInt
    if isCoarse || count == 0 {
      // Rounded up: who waits for a time does not want to come back before it.
      let milliseconds = CInt(clamping: (count + 999_999) / 1_000_000)
      result = epoll_wait(descriptor, events.baseAddress, CInt(events.count), milliseconds)
    } else {
      var time = timespec(tv_sec: Int(count / 1_000_000_000), tv_nsec: Int(count % 1_000_000_000))
      result = epoll_pwait2(descriptor, events.baseAddress, CInt(events.count), &time, nil)
      if result < 0, errno == ENOSYS {
        isCoarse = true
        return 0
      }
    }
    if result < 0 {
      if errno == EINTR { return 0 }
      throw .system(call: "epoll_wait", errno: errno)
    }
    return Int(result)
  }

  /// One of those that the last `wait` found.
  package func token(_ place: Int) -> Int { Int(Int64(bitPattern: events[place].data.u64)) }

  private func control(_ what: CInt, _ watch: Watch, _ token: Int) throws(TransportError) {
    var event = epoll_event()
    if watch.readiness.contains(.readable) { event.events |= EPOLLIN.rawValue }
    if watch.readiness.contains(.writable) { event.events |= EPOLLOUT.rawValue }
    event.data.u64 = UInt64(bitPattern: Int64(token))
    if epoll_ctl(descriptor, what, watch.descriptor, &event) < 0 {
      throw .system(call: "epoll_ctl", errno: errno)
    }
  }
}
