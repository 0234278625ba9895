// Waiting for descriptors, the time, and the stop signals together.

import Glibc

/// A descriptor and what to wait for on it.
package struct Watch: Hashable, Sendable {
  package var descriptor: CInt
  package var readiness: Readiness

  package init(_ descriptor: CInt, _ readiness: Readiness) {
    self.descriptor = descriptor
    self.readiness = readiness
  }

  /// For poll.  A watch without readiness is left out: a hang-up would be reported on it for ever.
  package var slot: pollfd {
    let events =
      Int16(readiness.contains(.readable) ? POLLIN : 0)
      | Int16(readiness.contains(.writable) ? POLLOUT : 0)
    return pollfd(fd: events == 0 ? -1 : descriptor, events: events, revents: 0)
  }

  fileprivate static var nothing: pollfd { pollfd(fd: -1, events: 0, revents: 0) }
}

/// What one wait looks at.
package struct Watches {
  package var socket: Watch?
  package var other: Watch?

  package init(socket: Watch? = nil, other: Watch? = nil) {
    self.socket = socket
    self.other = other
  }

  package struct Ready {
    package var socket = false
    package var other = false
    /// A stop signal came.
    package var signal: CInt?
  }

  /// Waits until something is ready, a stop signal came, or the deadline is over (then nothing is).
  package func wait(until deadline: Duration?, stop: StopSignals?) throws(TransportError) -> Ready {
    while true {
      if let signal = stop?.requested {
        return Ready(signal: signal)
      }
      var slots = (
        socket?.slot ?? Watch.nothing, other?.slot ?? Watch.nothing,
        pollfd(fd: stop?.descriptor ?? -1, events: Int16(POLLIN), revents: 0)
      )
      let result = withUnsafeMutablePointer(to: &slots) {
        $0.withMemoryRebound(to: pollfd.self, capacity: 3) {
          poll($0, 3, Self.milliseconds(until: deadline))
        }
      }
      if result < 0 {
        if errno == EINTR { continue }
        throw .system(call: "poll", errno: errno)
      }
      if slots.2.revents != 0 { continue }
      if result == 0, let deadline, MonotonicClock.now() < deadline { continue }
      return Ready(socket: slots.0.revents != 0, other: slots.1.revents != 0)
    }
  }

  /// The same for any number of descriptors.
  ///
  /// - Returns: the stop signal that came.
  package static func wait(
    for watches: [Watch], until deadline: Duration?, stop: StopSignals?
  ) throws(TransportError) -> CInt? {
    var slots = watches.map(\.slot)
    slots.append(pollfd(fd: stop?.descriptor ?? -1, events: Int16(POLLIN), revents: 0))
    while true {
      if let signal = stop?.requested { return signal }
      let result = poll(&slots, nfds_t(slots.count), milliseconds(until: deadline))
      if result > 0, slots.last?.revents == 0 { return nil }
      if result < 0, errno != EINTR { throw .system(call: "poll", errno: errno) }
      if result == 0, deadline.map({ MonotonicClock.now() >= $0 }) ?? false { return nil }
    }
  }

  /// For poll; rounded up, so that the deadline is over when it returns.
  package static func milliseconds(until deadline: Duration?) -> CInt {
    guard let deadline else { return -1 }
    let rest = deadline - MonotonicClock.now()
    if rest <= .zero { return 0 }
    let (seconds, attoseconds) = rest.components
    if seconds > 1_000_000 { return 1_000_000_000 }
    return CInt(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
