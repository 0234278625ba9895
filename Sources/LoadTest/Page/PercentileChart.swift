import Glibc
import Histogram

/// How long so many of the messages took at most: latency over percentile, both on scales that show the
/// slow few as well as the many.
enum PercentileChart {
  struct Source {
    var name: String
    var histogram: LatencyHistogram
  }

  /// - Returns: nil when nothing was measured.
  static func chart(_ id: String, _ title: String, _ sources: [Source]) -> Chart? {
    let sources = sources.filter { $0.histogram.totalCount > 0 }
    guard let first = sources.first else { return nil }
    let distance = sources.map { furthest($0.histogram) }.max() ?? 2
    let lowest = sources.map { Double($0.histogram.min) }.min() ?? 0
    let highest = sources.map { Double($0.histogram.maxRecorded) }.max() ?? 0
    let words = Self.named.map {
      "\($0.name) \(Quantities.time(first.histogram.latency(at: $0.at)))"
    }
    return Chart(
      id: id, title: title, summary: "\(first.name): \(words.joined(separator: ", ")).",
      x: .percentiles(upTo: distance), y: .times("latency", from: lowest, to: highest),
      curves: sources.map { source in
        Chart.Curve(
          name: source.name, parts: [points(source.histogram)], marks: marks(source))
      })
  }

  private static let named: [(name: String, at: Double)] = [
    ("p50", 50), ("p90", 90), ("p99", 99), ("p99.9", 99.9), ("max", 100),
  ]

  /// Where the highest value stands: half a message from the end.
  private static func furthest(_ histogram: LatencyHistogram) -> Double {
    log10(2 * Double(histogram.totalCount))
  }

  private static func points(_ histogram: LatencyHistogram) -> [Chart.Point] {
    let total = Double(histogram.totalCount)
    let end = furthest(histogram)
    var points = [Chart.Point(x: 0, y: Double(histogram.min))]
    var seen = 0.0
    histogram.forEachCount { value, count in
      seen += Double(count)
      let isLast = seen >= total
      let x = isLast ? end : -log10(1 - seen / total)
      // Finer than a screen shows.
      guard isLast || x - (points.last?.x ?? 0) > end / 500 else { return }
      let highest = min(histogram.highestEquivalentForValue(value), histogram.maxRecorded)
      // All percentiles since the last point are of this value.
      points.append(Chart.Point(x: points.last?.x ?? 0, y: Double(highest)))
      points.append(Chart.Point(x: x, y: Double(highest)))
    }
    return points
  }

  private static func marks(_ source: Source) -> [Chart.Mark] {
    let end = furthest(source.histogram)
    return named.compactMap { name, percentile in
      let x = percentile < 100 ? -log10(1 - percentile / 100) : end
      if x > end { return nil }
      let latency = source.histogram.latency(at: percentile)
      return Chart.Mark(
        point: Chart.Point(x: x, y: Double(latency)),
        words: "\(source.name) \(name): \(Quantities.time(latency))")
    }
  }
}
