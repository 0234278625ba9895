/// The seconds of a run as curves.
struct TimeCharts {
  private let results: Results
  /// Several seconds together where there are more than a screen shows.
  private let spans: [Span]

  private struct Span {
    /// Its middle, in seconds since the measured time began.
    var time: Double
    var length: Double
    var interval: Interval
  }

  init(_ results: Results) {
    self.results = results
    let stride = (results.intervals.count + 599) / 600
    var spans: [Span] = []
    for (second, interval) in results.intervals.enumerated() {
      // The last one is as long as the run was.
      let length = min(1, results.seconds - Double(second))
      // So short a piece says nothing about a rate.
      if length < 0.25, second > 0 { continue }
      if second % max(stride, 1) == 0 {
        spans.append(Span(time: Double(second), length: 0, interval: Interval()))
      }
      spans[spans.count - 1].interval.add(interval)
      spans[spans.count - 1].length += max(length, 1e-3)
    }
    self.spans = spans.map {
      Span(time: $0.time + $0.length / 2, length: $0.length, interval: $0.interval)
    }
  }

  /// Nil when there is nothing to draw.
  var throughput: Chart? {
    guard spans.count > 1 else { return nil }
    let all: [(String, (Interval) -> Int64)] = [
      ("sent", \.sent), ("received", \.received), ("acknowledged", \.acked),
    ]
    let shown = all.filter { _, count in spans.contains { count($0.interval) > 0 } }
    if shown.isEmpty { return nil }
    let curves = shown.map { name, count in
      Chart.Curve(
        name: name,
        parts: [
          spans.map { Chart.Point(x: $0.time, y: Double(count($0.interval)) / $0.length) }
        ])
    }
    let highest = curves.flatMap { $0.parts.joined() }.map(\.y).max() ?? 1
    let words = shown.map { name, count in
      let rates = spans.map { Double(count($0.interval)) / $0.length }
      return
        "\(name): from \(Quantities.rate(rates.min() ?? 0)) to \(Quantities.rate(rates.max() ?? 0))"
    }
    return Chart(
      id: "throughput", title: "Messages a second over time",
      summary: words.joined(separator: "; ") + " a second.", x: time,
      y: .linear("messages a second", to: highest) { Quantities.rate($0) }, curves: curves)
  }

  /// Nil when there is nothing to draw.
  var latency: Chart? {
    let measured = spans.filter { $0.interval.latency.count > 0 }
    guard spans.count > 1, !measured.isEmpty else { return nil }
    let lines: [(String, (LatencySummary) -> Int64)] = [
      ("p50", \.p50), ("p99", \.p99), ("max", \.max),
    ]
    let curves = lines.map { name, time in
      Chart.Curve(name: name, parts: parts(time))
    }
    let lowest = measured.map { Double($0.interval.latency.p50) }.min() ?? 0
    let highest = measured.map { Double($0.interval.latency.max) }.max() ?? 0
    let p99 = measured.map(\.interval.latency.p99)
    return Chart(
      id: "latency-time", title: "Latency over time",
      summary: "p99 of \(results.mainLatency.name) from \(Quantities.time(p99.min() ?? 0)) to "
        + "\(Quantities.time(p99.max() ?? 0)).",
      x: time, y: .times("latency", from: lowest, to: highest), curves: curves)
  }

  /// Seconds in which nothing arrived are gaps.
  private func parts(_ time: (LatencySummary) -> Int64) -> [[Chart.Point]] {
    var parts: [[Chart.Point]] = [[]]
    for span in spans {
      if span.interval.latency.count == 0 {
        if parts.last?.isEmpty == false { parts.append([]) }
        continue
      }
      parts[parts.count - 1].append(
        Chart.Point(x: span.time, y: Double(time(span.interval.latency))))
    }
    return parts.filter { !$0.isEmpty }
  }

  private var time: Axis {
    .linear("seconds", to: results.seconds, isTight: true) { Decimals.shortest($0) }
  }
}
