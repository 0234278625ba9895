import Synchronization

/// What one thread lets the others see; it alone writes.
final class Gauge: Sendable {
  private let counts: [Cell] = (0..<Place.allCases.count).map { _ in Cell() }

  private final class Cell: Sendable { let number = Atomic<Int>(0) }

  enum Place: Int, CaseIterable {
    /// Those of the audience, and of the crowd, that are ready.
    case listeners, crowd
    /// Of the crowd: failed for good.
    case failed
    case sent, acked, received
    /// Connections lost, attempts that failed, messages refused.
    case errors
    /// Messages times their subscribers: so many are to arrive.
    case expected
    /// Arrivals of a message for the first time, warm-up left out.
    case distinct
    /// Messages without their last acknowledgement, bytes that wait, and messages that are due.
    case unfinished
    /// 1: every publisher has sent its share.
    case isExhausted
    /// 1: it knows that nothing new is due, and `unfinished` is what is left.
    case isDraining
    /// 1: everybody is gone.
    case isOver
  }

  subscript(place: Place) -> Int {
    get { counts[place.rawValue].number.load(ordering: .acquiring) }
    set { counts[place.rawValue].number.store(newValue, ordering: .releasing) }
  }
}
