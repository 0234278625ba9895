/// One second of the measured time (the last one may be shorter).
package struct Interval: Hashable, Sendable {
  package var sent: Int64 = 0
  package var acked: Int64 = 0
  package var received: Int64 = 0
  /// Of the run's main latency (`Results.mainLatency`), over what ended in this second.
  package var latency = LatencySummary()

  package init() {}

  /// Percentiles of several runs do not add up: of those the higher one stays, which the percentile of
  /// all messages together does not pass.
  mutating func add(_ other: Self) {
    sent.addClamping(other.sent)
    acked.addClamping(other.acked)
    received.addClamping(other.received)
    latency.add(upperBounds: other.latency)
  }
}

extension LatencySummary {
  mutating func add(upperBounds other: Self) {
    if other.count == 0 { return }
    if count == 0 {
      self = other
      return
    }
    let sum = Double(mean) * Double(count) + Double(other.mean) * Double(other.count)
    mean = Int64(clamping: sum / (Double(count) + Double(other.count)))
    count.addClamping(other.count)
    min = Swift.min(min, other.min)
    p50 = Swift.max(p50, other.p50)
    p90 = Swift.max(p90, other.p90)
    p99 = Swift.max(p99, other.p99)
    p999 = Swift.max(p999, other.p999)
    max = Swift.max(max, other.max)
  }
}
