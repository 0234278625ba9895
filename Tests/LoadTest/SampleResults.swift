import LoadTest
import TestSupport

/// Results that look like a run's, the same for the same seed.
func sampleResults(
  seed: UInt64 = 1, began: Int64 = 1_764_144_000_000, seconds: Int = 5, scale: Double = 1
) -> Results {
  var random = Generator(seed: seed)
  var results = Results(mode: "pubsub")
  results.settings = [
    Fact("clients", 100), Fact("rate", 20000.5), Fact("topic", "bench/%c \"<&>\u{e9}"),
  ]
  results.environment = [Fact("kernel", "Linux 6.1"), Fact("cores", 2)]
  results.began = began
  results.duration = Int64(seconds) * 1_000_000_000 - 1
  for _ in 0..<seconds {
    var histogram = LatencyHistogram(numberOfSignificantValueDigits: .three)
    for _ in 0..<200 {
      // Most are quick, a few are not.
      let exponent = Double.random(in: 0...4, using: &random)
      let latency = UInt64(50_000 * scale * (exponent * exponent + 1))
      histogram.record(latency)
      results.latencies[.delivery].record(latency)
      results.latencies[.service].record(latency * 9 / 10)
      results.latencies[.ack].record(latency / 2)
    }
    var interval = Interval()
    interval.sent = 200
    interval.acked = 200
    interval.received = 198
    interval.latency = LatencySummary(histogram)
    results.intervals.append(interval)
  }
  let count = Int64(seconds) * 200
  results.messages.sent = count
  results.messages.acked = count
  results.messages.received = count - 10 + 3
  results.messages.lost = 10
  results.messages.duplicates = 3
  results.messages.reordered = 2
  results.messages.corrupted = 1
  results.bytesSent = count * 64
  results.bytesReceived = (count - 7) * 64
  results.connections = 100
  results.latencies[.connect].record(123_456)
  results.latencies[.connack].record(0)
  results.latencies[.connack].record(234_567)
  results.errors = ["connection reset by peer": 2, "refused: \"quota\"\n": 1]
  results.secondsLost = 0.25
  results.client = ResourceUse(processorTime: 1.5, memory: 12_345_678)
  results.broker = ResourceUse(processorTime: 3.25, memory: 98_765_432)
  results.notes = ["the client was busy for 97 % of second 3"]
  return results
}
