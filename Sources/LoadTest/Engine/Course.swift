import Synchronization
import Transport

/// What the threads of a run have in common.
final class Course: Sendable {
  let plan: LoadPlan
  /// From the monotonic clock to time since 1970.
  let wallOffset = WallClock.offset()
  let fanOut: FanOut
  /// Of the random numbers that all threads go through alike.
  let seed = UInt64.random(in: 0...UInt64.max)

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
  /// When the measured time ended before the phases did, by the monotonic clock.
  let end = Atomic<Int64>(.max)
  /// Which of a target's addresses took the last connection.
  let address = Atomic<Int>(0)
  /// Why the first client failed that the run goes on without.
  let firstFailure = Mutex<LoadFault?>(nil)
  /// The first thing that ends the run.
  let fault = Mutex<Fault?>(nil)
  /// The main latency by seconds of the measured time.
  let seconds = Mutex<[Int: LatencyHistogram]>([:])
  /// Likewise all kinds, where they are kept; those from before count to the first second.
  let secondsOfAll = Mutex<[Int: Latencies]>([:])
  /// Of shared subscriptions, by filter and publisher.
  let sharedStreams = Mutex<[StreamName: Stream]>([:])

  struct Fault: Sendable {
    var client: Int
    var fault: LoadFault
  }

  init(_ plan: LoadPlan) {
    self.plan = plan
    fanOut = plan.fanOut()
  }

  func end(with fault: LoadFault, of client: Int) {
    self.fault.withLock { if $0 == nil { $0 = Fault(client: client, fault: fault) } }
  }
}

struct StreamName: Hashable, Sendable {
  let filter: [UInt8]
  /// Run and client, as the header has them.
  let publisher: UInt32
}
