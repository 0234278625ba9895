/// A bound that a run has to keep: `p99<5ms`.
package struct Gate: Hashable, Sendable, CustomStringConvertible {
  let metric: Metric
  let comparison: Comparison
  /// In nanoseconds, messages, messages a second, or as a share.
  let bound: Double
  /// As it was written.
  package let description: String

  enum Comparison: String, CaseIterable, Hashable, Sendable {
    // The longer ones come first: they begin with the shorter ones.
    case atMost = "<="
    case atLeast = ">="
    case same = "=="
    case below = "<"
    case above = ">"
    case equal = "="

    func holds(_ value: Double, _ bound: Double) -> Bool {
      switch self {
      case .below: value < bound
      case .atMost: value <= bound
      case .above: value > bound
      case .atLeast: value >= bound
      case .equal, .same: value == bound
      }
    }
  }

  /// - Returns: what was measured instead; nil when the gate holds.
  func failure(in results: Results) -> String? {
    guard let value = results.value(of: metric) else {
      return "\(description) failed: nothing was measured"
    }
    if comparison.holds(value, bound) { return nil }
    let unit = metric.quantity == .rate ? " a second" : ""
    return "\(description) failed: it was \(metric.quantity.words(value))\(unit)"
  }
}

/// The gates of one `--expect`.
package struct Gates: Hashable, Sendable {
  package let gates: [Gate]

  /// What to say of each gate that the results do not pass, in the order of the gates.
  package func failures(in results: Results) -> [String] {
    gates.compactMap { $0.failure(in: results) } + silence(results)
  }

  /// Messages that were never sent have no latency, and would have had the longest.
  private func silence(_ results: Results) -> [String] {
    let count = results.messages.unsent
    if count == 0 || gates.contains(where: { $0.metric == .count(.unsent) }) { return [] }
    return [
      "\(Quantities.rate(Double(count))) messages were due and not sent; a gate about 'unsent' allows for that"
    ]
  }
}
