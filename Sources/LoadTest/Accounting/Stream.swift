import Synchronization

/// What one publisher's messages became on the way to one subscriber, or to all members of a shared
/// subscription together.
final class Stream: Sendable {
  private let state: Mutex<State>

  private struct State {
    var tracker: SequenceTracker
    /// Numbers of which only damaged copies came.
    var damaged: Set<UInt32> = []
  }

  init(from first: Int64) { state = Mutex(State(tracker: SequenceTracker(from: first))) }

  /// - Parameter low: the number's low 32 bits.
  /// - Returns: `isFirst` is false for a duplicate, and where a damaged copy came before.
  func arrived(_ low: UInt32) -> (number: Int64, isNew: Bool, isFirst: Bool) {
    state.withLock { state in
      let number = state.tracker.whole(low)
      let isNew = state.tracker.arrived(number)
      let wasDamaged = !state.damaged.isEmpty && state.damaged.remove(low) != nil
      return (number, isNew, isNew && !wasDamaged)
    }
  }

  /// - Returns: whether the damaged message with that number is the first that came of it.
  func isNews(damaged low: UInt32) -> Bool {
    state.withLock { state in
      !state.tracker.hasArrived(state.tracker.whole(low)) && state.damaged.insert(low).inserted
    }
  }

  var distinct: Int64 { state.withLock { $0.tracker.distinct } }
  var gaps: Int64 { state.withLock { $0.tracker.gaps } }
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

  /// - Returns: `isFirst` is false where anything of the message came before.
  mutating func arrived(_ low: UInt32) -> (arrival: Arrival, isFirst: Bool) {
    let (number, isNew, isFirst) = stream.arrived(low)
    if !isNew { return (.duplicate, false) }
    if number < highest { return (.reordered, isFirst) }
    highest = number
    return (.inOrder, isFirst)
  }
}
