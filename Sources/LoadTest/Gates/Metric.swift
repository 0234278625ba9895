/// A figure that a gate can be about.
enum Metric: Hashable, Sendable {
  case latency(LatencyKind, Statistic)
  case count(Count)
  /// A count a second.
  case rate(Count)
  /// Lost messages as a share of those that were due.
  case loss
  /// Time without a connection, summed over the clients.
  case timeLost

  enum Statistic: Hashable, Sendable {
    case min, mean, max
    case percentile(Double)
  }

  enum Count: String, CaseIterable, Hashable, Sendable {
    case sent, unsent, acked, received, lost, duplicates, reordered, corrupted, connections, errors
  }

  /// What a number for it is measured in.
  enum Quantity: Hashable, Sendable {
    case time, count, rate, share

    func words(_ value: Double) -> String {
      switch self {
      case .time: Quantities.time(value)
      case .count, .rate: Quantities.rate(value)
      case .share: Quantities.percent(value)
      }
    }
  }

  var quantity: Quantity {
    switch self {
    case .latency, .timeLost: .time
    case .count: .count
    case .rate: .rate
    case .loss: .share
    }
  }
}

extension Results {
  /// In nanoseconds, messages, messages a second, or as a share; nil when nothing was measured.
  func value(of metric: Metric) -> Double? {
    switch metric {
    case .latency(let kind, let statistic):
      let histogram = latencies[kind]
      if histogram.totalCount == 0 { return nil }
      return switch statistic {
      case .min: Double(histogram.min)
      case .mean: histogram.meanLatency
      case .max: Double(histogram.maxRecorded)
      case .percentile(let percentile): Double(histogram.latency(at: percentile))
      }
    case .count(let count): return Double(value(of: count))
    case .rate(let count): return duration > 0 ? rate(countInTime(count)) : nil
    // Where nothing was due nothing can be lost.
    case .loss: return messages.received == 0 && messages.lost == 0 ? nil : messages.loss
    case .timeLost: return secondsLost * 1e9
    }
  }

  /// What the mode is about.
  var mainMetric: Metric.Count {
    switch mode {
    case "conn": .connections
    case "pub" where messages.acked > 0: .acked
    case "pub": .sent
    default: .received
    }
  }

  /// As much of it as came in the measured time.
  func countInTime(_ count: Metric.Count) -> Int64 {
    switch count {
    case .sent: inTime.sent
    case .acked: inTime.acked
    case .received: inTime.received
    default: value(of: count)
    }
  }

  private func value(of count: Metric.Count) -> Int64 {
    switch count {
    case .sent: messages.sent
    case .unsent: messages.unsent
    case .acked: messages.acked
    case .received: messages.received
    case .lost: messages.lost
    case .duplicates: messages.duplicates
    case .reordered: messages.reordered
    case .corrupted: messages.corrupted
    case .connections: connections
    case .errors: errorCount
    }
  }
}
