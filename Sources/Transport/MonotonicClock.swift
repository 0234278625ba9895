import Glibc

extension Duration {
  /// Seconds for people, to the nearest; with two decimals where it is less than one.
  package var shownSeconds: String {
    let hundredths = (self + .milliseconds(5)) / .milliseconds(10)
    if hundredths >= 99 { return String((self + .milliseconds(500)).components.seconds) }
    let digits = String(Int(hundredths))
    return digits.utf8.count == 1 ? "0.0\(digits)" : "0.\(digits)"
  }
}

/// The clock that never runs back (CLOCK_MONOTONIC).
package enum MonotonicClock {
  /// Time since an arbitrary origin.
  package static func now() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Duration(
      secondsComponent: Int64(time.tv_sec),
      attosecondsComponent: Int64(time.tv_nsec) * 1_000_000_000)
  }

  /// The same in nanoseconds, for loops that ask often.
  package static func nanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
