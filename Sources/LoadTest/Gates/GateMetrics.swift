extension Metric {
  /// The name that a gate begins with: `p99.9`, `connect.max`, `lost`, `sent_rate`.
  init(_ name: String, scope: GateScope) throws(Nonsense) {
    switch name {
    case "rate":
      try Self.check(scope.mainCount, name, scope)
      self = .rate(scope.mainCount)
    case "loss":
      try Self.check(.lost, name, scope)
      self = .loss
    case "seconds_lost": self = .timeLost
    default:
      if let count = Count(rawValue: name) {
        try Self.check(count, name, scope)
        self = .count(count)
      } else if name.hasSuffix("_rate"), let count = Count(rawValue: String(name.dropLast(5))) {
        try Self.check(count, name, scope)
        self = .rate(count)
      } else {
        self = try Self.latency(name, scope)
      }
    }
  }

  private static func check(
    _ count: Count, _ name: String, _ scope: GateScope
  ) throws(Nonsense) {
    if !scope.counts.contains(count) {
      throw Nonsense("'bench \(scope.mode)' does not measure '\(name)' with these options")
    }
  }

  private static func latency(_ name: String, _ scope: GateScope) throws(Nonsense) -> Metric {
    guard let point = name.firstIndex(of: "."), let kind = LatencyKind(name: String(name[..<point]))
    else {
      let statistic = try statistic(name)
      guard let kind = scope.mainLatency else {
        throw Nonsense(
          scope.mode == "rr"
            ? "who only answers measures no latency"
            : "'bench \(scope.mode)' at QoS 0 has no latency: nothing comes back")
      }
      return .latency(kind, statistic)
    }
    let statistic = try statistic(String(name[name.index(after: point)...]))
    if !scope.kinds.contains(kind) {
      throw Nonsense("'bench \(scope.mode)' does not measure '\(kind.name)' with these options")
    }
    return .latency(kind, statistic)
  }

  private static func statistic(_ name: String) throws(Nonsense) -> Statistic {
    switch name {
    case "min": return .min
    case "mean": return .mean
    case "max": return .max
    default: break
    }
    let counts = Count.allCases.map(\.rawValue).joined(separator: ", ")
    guard name.first == "p" else {
      throw Nonsense(
        "'\(name)' is none of min, mean, max, p50, p99.9, rate, loss, seconds_lost, \(counts)")
    }
    // The report's members have no points in their names: p99_9.
    let digits = name.dropFirst().map { $0 == "_" ? "." : $0 }
    guard let percent = GateNumber.decimal(String(digits)), percent > 0, percent <= 100 else {
      throw Nonsense("'\(name)' is no percentile: p50, p99.9, p100")
    }
    return .percentile(percent)
  }
}
