import Glibc
import MQTTSession

/// How much comes in a second, of late: what is older than some seconds counts ever less.
struct Rate {
  private var mean = 0.0
  private(set) var last: Instant = .zero

  /// Seconds after which something counts a third of what it did.
  private static let span = 10.0

  mutating func add(_ amount: Int = 1, at now: Instant) {
    mean = value(at: now) + Double(amount) / Self.span
    last = now
  }

  func value(at now: Instant) -> Double {
    let (seconds, attoseconds) = (now - last).components
    return mean * exp(-(Double(seconds) + Double(attoseconds) / 1e18) / Self.span)
  }

  /// `0.3/s`, `12/s`.
  func shown(at now: Instant) -> String {
    let tenths = Int(min(value(at: now) * 10 + 0.5, 1e15))
    return tenths >= 100 ? "\(tenths / 10)/s" : "\(tenths / 10).\(tenths % 10)/s"
  }
}
