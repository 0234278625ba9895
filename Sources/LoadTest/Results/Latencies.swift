import Histogram

/// One histogram for each kind of latency, in nanoseconds.
package struct Latencies: Equatable, Sendable {
  private var histograms = [LatencyHistogram](
    repeating: LatencyHistogram(numberOfSignificantValueDigits: .three),
    count: LatencyKind.allCases.count)

  package init() {}

  package subscript(kind: LatencyKind) -> LatencyHistogram {
    get { histograms[kind.rawValue] }
    _modify { yield &histograms[kind.rawValue] }
  }

  package var isEmpty: Bool { histograms.allSatisfy { $0.totalCount == 0 } }

  /// Adds the other's counts, value by value.
  mutating func add(_ other: Self) {
    for kind in LatencyKind.allCases { self[kind].add(other[kind]) }
  }
}
