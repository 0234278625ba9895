import Histogram

/// A histogram's figures, in nanoseconds.
package struct LatencySummary: Hashable, Sendable {
  package var count: Int64 = 0
  package var min: Int64 = 0
  package var mean: Int64 = 0
  package var p50: Int64 = 0
  package var p90: Int64 = 0
  package var p99: Int64 = 0
  package var p999: Int64 = 0
  package var max: Int64 = 0

  package init() {}

  package init(_ histogram: LatencyHistogram) {
    if histogram.totalCount == 0 { return }
    count = Int64(clamping: histogram.totalCount)
    min = Int64(clamping: histogram.min)
    mean = Int64(clamping: histogram.meanLatency)
    p50 = histogram.latency(at: 50)
    p90 = histogram.latency(at: 90)
    p99 = histogram.latency(at: 99)
    p999 = histogram.latency(at: 99.9)
    max = Int64(clamping: histogram.maxRecorded)
  }

  /// The times under their names in reports.
  static let times: [(name: String, path: WritableKeyPath<Self, Int64> & Sendable)] = [
    ("min", \.min), ("mean", \.mean), ("p50", \.p50), ("p90", \.p90), ("p99", \.p99),
    ("p99_9", \.p999), ("max", \.max),
  ]
}

extension LatencyHistogram {
  package func latency(at percentile: Double) -> Int64 {
    Int64(clamping: valueAtPercentile(percentile))
  }

  /// Calls `body` with the lowest value of each slot that is not empty, and its count, upwards.
  func forEachCount(_ body: (UInt64, UInt64) -> Void) {
    var value: UInt64 = 0
    while value <= maxRecorded {
      let count = countForValue(value)
      if count > 0 { body(value, count) }
      value = nextNonEquivalentForValue(value)
    }
  }

  /// The library's own sums whole numbers, which hours of slow messages overflow.
  var meanLatency: Double {
    if totalCount == 0 { return 0 }
    var sum = 0.0
    forEachCount { value, count in sum += Double(medianEquivalentForValue(value)) * Double(count) }
    return Swift.min(Swift.max(sum / Double(totalCount), Double(min)), Double(maxRecorded))
  }
}
