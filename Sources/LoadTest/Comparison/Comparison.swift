/// Two sides, each of one run or several of the same: what differs, and whether it can be chance.
package struct Comparison: Sendable {
  package struct Row: Hashable, Sendable {
    package let name: String
    let quantity: Metric.Quantity
    let before: Double
    let after: Double
    /// The change as a share of `before`; nil when that is 0.
    let change: Double?
    /// In which the true change lies, with a confidence of 95 %.
    let range: ClosedRange<Double>?
    package let verdict: Verdict
  }

  package enum Verdict: String, Hashable, Sendable {
    case better, worse
    /// Chance would bring such a difference about too.
    case unclear = "no difference shown"
    /// One run a side.
    case unknown = "one run shows no chance"
    case same
  }

  let a: [Results]
  let b: [Results]
  package let rows: [Row]
  /// Settings and circumstances that are not the same on both sides.
  let differences: [[String]]

  /// - Throws: when the runs are not of one mode.
  package init(_ a: [Results], _ b: [Results]) throws(MergeFault) {
    let modes = Set((a + b).map(\.mode)).sorted()
    guard modes.count == 1, let first = a.first, !b.isEmpty else {
      let names = modes.map { "bench \($0)" }.joined(separator: " and ")
      throw MergeFault("there is nothing to compare between \(names)")
    }
    self.a = a
    self.b = b
    let kind = first.mainLatency
    let metrics: [(String, Metric, higherIsBetter: Bool)] = [
      ("\(first.mainCount.name) a second", .rate(first.mainMetric), true),
      ("\(kind.name) p50", .latency(kind, .percentile(50)), false),
      ("\(kind.name) p90", .latency(kind, .percentile(90)), false),
      ("\(kind.name) p99", .latency(kind, .percentile(99)), false),
      ("\(kind.name) p99.9", .latency(kind, .percentile(99.9)), false),
      ("\(kind.name) max", .latency(kind, .max), false),
      ("loss", .loss, false),
      ("errors", .count(.errors), false),
    ]
    rows = metrics.compactMap { name, metric, higherIsBetter in
      Self.row(name, metric, a, b, higherIsBetter: higherIsBetter)
    }
    differences = Self.differences(a, b)
  }

  /// - Returns: nil when one side has not measured it.
  private static func row(
    _ name: String, _ metric: Metric, _ a: [Results], _ b: [Results], higherIsBetter: Bool
  ) -> Row? {
    let before = a.compactMap { $0.value(of: metric) }
    let after = b.compactMap { $0.value(of: metric) }
    guard before.count == a.count, after.count == b.count else { return nil }
    let (one, other) = (Sample(before), Sample(after))
    let difference = other.mean - one.mean
    let range = one.difference(to: other)
    let verdict: Verdict
    if before == after || difference == 0 {
      verdict = .same
    } else if let range {
      let isShown = range.lowerBound > 0 || range.upperBound < 0
      verdict = !isShown ? .unclear : (difference > 0) == higherIsBetter ? .better : .worse
    } else {
      verdict = .unknown
    }
    let base = one.mean
    return Row(
      name: name, quantity: metric.quantity, before: base, after: other.mean,
      change: base > 0 ? difference / base : nil,
      range: base > 0 ? range.map { $0.lowerBound / base...$0.upperBound / base } : nil,
      verdict: verdict)
  }

  private static func differences(_ a: [Results], _ b: [Results]) -> [[String]] {
    func values(_ side: [Results], _ name: String) -> String {
      var seen: [String] = []
      for fact in side.flatMap({ $0.settings + $0.environment }) where fact.name == name {
        if !seen.contains(fact.value.text) { seen.append(fact.value.text) }
      }
      return seen.joined(separator: ", ")
    }
    var names: [String] = []
    for fact in (a + b).flatMap({ $0.settings + $0.environment }) where !names.contains(fact.name) {
      names.append(fact.name)
    }
    return names.map { [$0, values(a, $0), values(b, $0)] }.filter { $0[1] != $0[2] }
  }
}
