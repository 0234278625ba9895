import Histogram

/// Latencies in nanoseconds, three significant digits from a microsecond on.
package typealias LatencyHistogram = Histogram<UInt64>

extension LatencyHistogram {
  /// One of the same precision without a value.
  var emptied: Self { Self(numberOfSignificantValueDigits: numberOfSignificantValueDigits) }
}
