import Glibc

extension Duration {
  /// Seconds for people, to the nearest.
  package var wholeSeconds: Int64 { (self + .milliseconds(500)).components.seconds }
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
}
