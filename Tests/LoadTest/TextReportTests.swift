import LoadTest
import TestSupport
import Testing

@Suite("Reports as text") struct TextReportTests {
  private static var results: Results {
    var results = Results(mode: "pubsub")
    results.duration = 10_000_000_000
    results.connections = 1100
    results.messages.sent = 1_234_567
    results.messages.acked = 1_234_567
    results.messages.received = 1_234_560
    results.messages.lost = 7
    results.bytesSent = 1_234_567 * 64
    results.bytesReceived = 1_234_560 * 64
    results.latencies[.delivery].record(45_100)
    results.latencies[.delivery].record(7_310_000)
    results.latencies[.connect].record(999)
    results.errors = ["refused\u{1b}[2J": 2]
    results.secondsLost = 1.5
    results.client = ResourceUse(processorTime: 4.5, memory: 12_300_000)
    results.notes = ["timers came late"]
    var interval = Interval()
    interval.sent = 3
    interval.received = 2
    interval.latency = LatencySummary(results.latencies[.delivery])
    results.intervals = [Interval(), interval]
    return results
  }

  @Test func `the table at the end`() {
    #expect(
      Self.results.text == """
        bench pubsub: 10.0 s measured, 1,100 connections

        messages        count  a second  payload a second
        sent        1,234,567   123,457           7.90 MB
        acked       1,234,567   123,457
        received    1,234,560   123,456           7.90 MB
        lost                7   0.001 %
        duplicates          0
        reordered           0
        corrupted           0

        latency   count      min     mean      p50      p90      p99    p99.9      max
        delivery      2  45.1 µs  3.68 ms  45.1 µs  7.31 ms  7.31 ms  7.31 ms  7.31 ms
        connect       1   999 ns   999 ns   999 ns   999 ns   999 ns   999 ns   999 ns

        process               CPU   memory
        client   45.0 % of a core  12.3 MB

        error: refused\\x1b[2J (2 times)
        without a connection: 1.50 s, all clients together
        note: timers came late

        """)
  }

  @Test func `a line for each second`() {
    #expect(
      Self.results.csvText == """
        second,sent,acked,received,latency_count,latency_mean_us,latency_p50_us,latency_p90_us,\
        latency_p99_us,latency_p99_9_us,latency_max_us
        0,0,0,0,0,,,,,,
        1,3,0,2,2,3677.208,45.119,7310.000,7310.000,7310.000,7310.000

        """)
  }

  @Test func `metrics for Prometheus`() {
    let metrics = Self.results.metricsText
    for line in [
      "apus_bench_messages_total{outcome=\"sent\"} 1234567",
      "apus_bench_connections 1100",
      "apus_bench_elapsed_seconds 10",
      "apus_bench_latency_seconds{kind=\"delivery\",quantile=\"1\"} 0.00731",
      "apus_bench_latency_seconds_count{kind=\"delivery\"} 2",
    ] {
      #expect(metrics.split(separator: "\n").contains(line[...]), "\(line) in \(metrics)")
    }
    #expect(!metrics.contains("tls"))
  }
}
