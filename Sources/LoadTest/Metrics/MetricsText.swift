// What Prometheus reads (text exposition format 0.0.4).

import Histogram

extension Results {
  /// What is known while the run goes on, as metrics: what was lost is known at its end.
  package var metricsText: String {
    var metrics = MetricsText()
    metrics.begin("apus_bench_elapsed_seconds", "gauge", "Measured time so far.")
    metrics.sample([], seconds)
    metrics.begin("apus_bench_messages_total", "counter", "Messages, by what became of them.")
    for (outcome, count) in [
      ("sent", messages.sent), ("acked", messages.acked), ("received", messages.received),
    ] {
      metrics.sample([("outcome", outcome)], Double(count))
    }
    metrics.begin("apus_bench_errors_total", "counter", "Connections lost and messages refused.")
    metrics.sample([], Double(errorCount))
    metrics.begin("apus_bench_connections", "gauge", "Clients that are connected.")
    metrics.sample([], Double(connections))
    metrics.begin("apus_bench_latency_seconds", "summary", "Latencies, by what they lie between.")
    for kind in LatencyKind.allCases where latencies[kind].totalCount > 0 {
      metrics.add(kind, latencies[kind])
    }
    return metrics.text
  }
}

private struct MetricsText {
  private(set) var text = ""
  private var name = ""

  mutating func begin(_ name: String, _ type: String, _ help: String) {
    self.name = name
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
  }

  mutating func sample(
    _ labels: [(name: String, value: String)], _ value: Double, suffix: String = ""
  ) {
    let shown = labels.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",")
    let number = Int64(exactly: value).map { String($0) } ?? "\(value)"
    text += name + suffix + (shown.isEmpty ? "" : "{\(shown)}") + " \(number)\n"
  }

  mutating func add(_ kind: LatencyKind, _ histogram: LatencyHistogram) {
    let label = ("kind", kind.name)
    for (quantile, percentile) in [
      ("0.5", 50), ("0.9", 90), ("0.99", 99), ("0.999", 99.9), ("1", 100),
    ] as [(String, Double)] {
      let seconds = Double(histogram.latency(at: percentile)) / 1e9
      sample([label, ("quantile", quantile)], seconds)
    }
    let count = Double(histogram.totalCount)
    sample([label], histogram.meanLatency * count / 1e9, suffix: "_sum")
    sample([label], count, suffix: "_count")
  }
}
