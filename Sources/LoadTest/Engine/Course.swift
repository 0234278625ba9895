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
  /// When nothing is sent any more that was due before the end, by the monotonic clock.
  let lastSend = Atomic<Int64>(.max)
  /// Why the first client failed that the run goes on without.
  let firstFailure = Mutex<ClientFault?>(nil)
  /// The first thing that ends the run.
  let fault = Mutex<ClientFault?>(nil)
  /// The main latency by seconds of the measured time.
  let seconds = Mutex<[Int: LatencyHistogram]>([:])
  /// Likewise all kinds, where they are kept; those from before count to the first second.
  let secondsOfAll = Mutex<[Int: Latencies]>([:])
  /// Of shared subscriptions, by filter and publisher.
  let sharedStreams = Mutex<[StreamName: Stream]>([:])

  init(_ plan: LoadPlan) {
    self.plan = plan
    fanOut = plan.fanOut()
  }

  func goesOnWithout(_ client: Int, _ fault: LoadFault) {
    firstFailure.withLock { if $0 == nil { $0 = ClientFault(client: client, fault: fault) } }
  }

  func end(with fault: LoadFault, of client: Int) {
    self.fault.withLock { if $0 == nil { $0 = ClientFault(client: client, fault: fault) } }
  }
}

struct StreamName: Hashable, Sendable {
  let filter: [UInt8]
  /// Run and client, as the header has them.
  let publisher: UInt32
}
