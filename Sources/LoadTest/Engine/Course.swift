import Synchronization
import Transport

/// What the threads of a run have in common.
final class Course: Sendable {
  let plan: LoadPlan
  /// From the monotonic clock to time since 1970.
  let wallOffset = WallClock.offset()

  enum Stage: Int, AtomicRepresentable {
    /// Those who listen connect.
    case gathering
    /// The others connect, but for those that a ramp brings later.
    case assembling
    case running
    /// Nothing new is due.
    case draining
    case leaving
  }

  let stage = Atomic<Stage>(.gathering)
  /// When the phases begin, by the monotonic clock; 0: not known yet.
  let start = Atomic<Int64>(0)
  /// Which of a target's addresses took the last connection.
  let address = Atomic<Int>(0)
  /// The first thing that ends the run.
  let fault = Mutex<Fault?>(nil)
  /// The main latency by seconds of the measured time.
  let seconds = Mutex<[Int: LatencyHistogram]>([:])
  /// Of shared subscriptions, by filter and publisher.
  let sharedStreams = Mutex<[String: Stream]>([:])

  struct Fault: Sendable {
    var client: Int
    var fault: LoadFault
  }

  init(_ plan: LoadPlan) { self.plan = plan }

  /// Nanoseconds from the start to where counting begins.
  var uncounted: Int64 {
    plan.phases.prefix { $0.isWarmUp }.reduce(0) { $0 + $1.duration }
  }

  /// Of all phases; nil when only a count ends the run.
  var length: Int64 { plan.phases.reduce(0) { $0 + $1.duration } }

  func end(with fault: LoadFault, of client: Int) {
    self.fault.withLock { if $0 == nil { $0 = Fault(client: client, fault: fault) } }
  }
}

/// What one thread lets the others see.
final class Gauge: Sendable {
  /// Those of the audience, and of the crowd, that are ready.
  let listeners = Atomic<Int>(0)
  let crowd = Atomic<Int>(0)
  /// Of the crowd: failed for good.
  let failed = Atomic<Int>(0)
  let sent = Atomic<Int64>(0)
  let acked = Atomic<Int64>(0)
  let received = Atomic<Int64>(0)
  /// Arrivals of a message for the first time, warm-up left out.
  let distinct = Atomic<Int64>(0)
  /// Messages without their last acknowledgement, bytes that wait, and messages that are due.
  let unfinished = Atomic<Int>(0)
  /// Every publisher has sent its share.
  let isExhausted = Atomic<Bool>(false)
  /// Everybody is gone.
  let isOver = Atomic<Bool>(false)
}
