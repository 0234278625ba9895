// A line for each second, for spreadsheets (RFC 4180, with \n as the shell has it).

extension Results {
  package var csvText: String {
    Self.csvHead + intervals.enumerated().map { Self.csvLine($1, second: $0) }.joined()
  }

  package static let csvHead =
    "second,sent,acked,received,latency_count,latency_mean_us,latency_p50_us,latency_p90_us,"
    + "latency_p99_us,latency_p99_9_us,latency_max_us\n"

  /// - Parameter second: from 0.
  package static func csvLine(_ interval: Interval, second: Int) -> String {
    let latency = interval.latency
    let counts = [Int64(second), interval.sent, interval.acked, interval.received, latency.count]
    let times = [
      latency.mean, latency.p50, latency.p90, latency.p99, latency.p999, latency.max,
    ]
    // No messages have no latency, which is not the same as none.
    let words = times.map { latency.count > 0 ? Decimals.fixed(Double($0) / 1000, 3) : "" }
    return (counts.map { String($0) } + words).joined(separator: ",") + "\n"
  }
}
