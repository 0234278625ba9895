// Bounded waits: for a condition, a descriptor, or the end of a process.

import Glibc

/// What a test waited for did not happen in time.
public struct TimedOut: Error, CustomStringConvertible {
  public let description: String

  package init(description: String) { self.description = description }
}

package func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Limits of five seconds and more are there to end what hangs, not to measure: a machine that is busy with
/// other tests, or has a slow disk, gets several times as long.
package func allowed(_ seconds: Double) -> Double { seconds < 5 ? seconds : seconds * 6 }

/// Waits until `condition` holds, looking every two milliseconds.
///
/// - Throws: `TimedOut`, naming what was waited for, after `seconds`.
package func eventually(
  _ what: String, within seconds: Double = 10, _ condition: () throws -> Bool
) throws {
  let seconds = allowed(seconds)
  let deadline = monotonicSeconds() + seconds
  while !(try condition()) {
    if monotonicSeconds() > deadline {
      throw TimedOut(description: "gave up after \(seconds) s: \(what)")
    }
    _ = poll(nil, 0, 2)
  }
}

/// Waits until the descriptor is readable.
package func isReadable(_ descriptor: CInt, within seconds: Double) -> Bool {
  let deadline = monotonicSeconds() + allowed(seconds)
  while true {
    var slot = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let rest = max(0, deadline - monotonicSeconds())
    let result = poll(&slot, 1, CInt((rest * 1000).rounded(.up)))
    if result > 0 { return true }
    if result == 0 || errno != EINTR { return false }
  }
}
