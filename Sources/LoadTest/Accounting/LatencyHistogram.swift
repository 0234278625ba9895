import Histogram

/// Latencies in nanoseconds, three significant digits from a microsecond on.
package typealias LatencyHistogram = Histogram<UInt64>
