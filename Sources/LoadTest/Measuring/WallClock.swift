import Glibc
import Transport

/// Time since 1970.
package enum WallClock {
  package static func nanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  static func milliseconds() -> Int64 { nanoseconds() / 1_000_000 }

  /// What the monotonic clock lacks to it.  Taken once a run: stamps then go on evenly when somebody
  /// sets the clock.
  static func offset() -> Int64 { nanoseconds() - MonotonicClock.nanoseconds() }
}
