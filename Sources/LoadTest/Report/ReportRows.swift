import Histogram

/// The rows of the tables, in words.
extension Results {
  /// What the mode is about, and how much of it came in the measured time.
  var mainCount: (name: String, count: Int64) {
    let metric = mainMetric
    return (metric == .acked ? "acknowledged" : metric.rawValue, countInTime(metric))
  }

  var messageRows: [[String]] {
    let inTime = inTime
    let counts: [(String, Int64, Int64, Int64?)] = [
      ("sent", messages.sent, inTime.sent, inTime.bytesSent),
      ("acked", messages.acked, inTime.acked, nil),
      ("received", messages.received, inTime.received, inTime.bytesReceived),
    ]
    var rows: [[String]] = counts.map { name, count, inTime, bytes in
      let payload = bytes.map { Quantities.bytes(rate($0)) } ?? ""
      return [name, Decimals.grouped(count), Quantities.rate(rate(inTime)), payload]
    }
    let loss = messages.lost > 0 ? Quantities.percent(messages.loss) : ""
    if messages.unsent > 0 {
      rows.append(["unsent", Decimals.grouped(messages.unsent), "", ""])
    }
    return rows + [
      ["lost", Decimals.grouped(messages.lost), loss, ""],
      ["duplicates", Decimals.grouped(messages.duplicates), "", ""],
      ["reordered", Decimals.grouped(messages.reordered), "", ""],
      ["corrupted", Decimals.grouped(messages.corrupted), "", ""],
    ]
  }

  func latencyRow(_ kind: LatencyKind) -> [String] {
    let summary = LatencySummary(latencies[kind])
    let times = LatencySummary.times.map { Quantities.time(summary[keyPath: $0.path]) }
    return [kind.name, Decimals.grouped(summary.count)] + times
  }

  var resourceRows: [[String]] {
    var rows: [[String]] = []
    for (name, use) in [("client", client), ("broker", broker)] {
      guard let use else { continue }
      let share = Quantities.percent(share(of: use)) + " of a core"
      rows.append([name, share, Quantities.bytes(Double(use.memory))])
    }
    return rows
  }

  var errorRows: [[String]] {
    errors.sorted { $0.key < $1.key }.map { [$0.key, Decimals.grouped($0.value)] }
  }

  /// Of one core.
  func share(of use: ResourceUse) -> Double { duration > 0 ? use.processorTime / seconds : 0 }
}
