import Synchronization

/// What one publisher's messages became on the way to one subscriber, or to all members of a shared
/// subscription together.
final class Stream: Sendable {
  private let tracker: Mutex<SequenceTracker>

  init(from first: Int64) { tracker = Mutex(SequenceTracker(from: first)) }

  /// - Parameter low: the number's low 32 bits.
  func arrived(_ low: UInt32) -> (number: Int64, isNew: Bool) {
    tracker.withLock { tracker in
      let number = tracker.whole(low)
      return (number, tracker.arrived(number))
    }
  }

  var distinct: Int64 { tracker.withLock { $0.distinct } }
  var gaps: Int64 { tracker.withLock { $0.gaps } }
}

/// A stream as one subscriber sees it.
struct Source {
  let stream: Stream
  private var highest: Int64 = -1

  init(_ stream: Stream) { self.stream = stream }

  enum Arrival: Hashable, Sendable {
    case inOrder
    /// Below the highest number that this subscriber had before: Type-P-Reordered of RFC 4737 §3.3.
    case reordered
    case duplicate
  }

  mutating func arrived(_ low: UInt32) -> Arrival {
    let (number, isNew) = stream.arrived(low)
    if !isNew { return .duplicate }
    if number < highest { return .reordered }
    highest = number
    return .inOrder
  }
}
