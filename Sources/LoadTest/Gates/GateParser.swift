// `--expect 'p99<5ms,loss=0,rate>=20000'`.

/// Why gates make no sense.
package struct GateFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String
}

extension Gates {
  /// Reads gates, and refuses those that no run can fail, that none can pass, and that are about
  /// something that this one does not measure.
  ///
  /// - Parameter text: metric, comparison and number, with commas between.
  package init(_ text: String, scope: GateScope) throws(GateFault) {
    var gates: [Gate] = []
    for (place, part) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
      let words = part.trimmingSpaces
      do throws(Nonsense) { gates.append(try Gate(words, scope: scope)) } catch {
        let name = words.isEmpty ? "gate \(place + 1)" : "gate \(place + 1), '\(words)'"
        throw GateFault(description: "\(name): \(error.problem)")
      }
    }
    for (place, gate) in gates.enumerated() {
      for other in gates[..<place] where gate.contradicts(other) {
        throw GateFault(description: "'\(other)' and '\(gate)' cannot both hold")
      }
    }
    self.gates = gates
  }
}

/// What is wrong with one gate.
struct Nonsense: Error {
  let problem: String

  init(_ problem: String) { self.problem = problem }
}

extension Gate {
  init(_ text: String, scope: GateScope) throws(Nonsense) {
    let nameEnd = text.firstIndex { "<>=".contains($0) } ?? text.endIndex
    let rest = text[nameEnd...]
    let name = text[..<nameEnd].trimmingSpaces
    if name.isEmpty { throw Nonsense("a name such as p99, loss or rate is missing") }
    metric = try Metric(name, scope: scope)
    guard let comparison = Comparison.allCases.first(where: { rest.hasPrefix($0.rawValue) }) else {
      throw Nonsense("one of < <= = >= > and a number have to follow '\(name)'")
    }
    self.comparison = comparison
    let number = rest.dropFirst(comparison.rawValue.count).trimmingSpaces
    bound = try GateNumber.value(number, metric.quantity)
    description = text
    try checkSense(scope)
  }

  private func checkSense(_ scope: GateScope) throws(Nonsense) {
    let isExact = comparison == .equal || comparison == .same
    switch metric.quantity {
    case .time:
      if isExact, bound > 0 { throw Nonsense("no time is met exactly: use < or >") }
      if case .latency = metric, bound == 0 { throw Nonsense("no latency is 0: use a time above") }
    case .rate where isExact: throw Nonsense("no rate is met exactly: use < or >")
    case .count, .rate, .share: break
    }
    if bound == 0, comparison == .below { throw Nonsense("nothing is below 0") }
    if bound == 0, comparison == .atLeast { throw Nonsense("it holds for every run") }
    if metric == .loss, bound > 1 || bound == 1 && comparison != .below {
      throw Nonsense("a share lies between 0 and 100%")
    }
    try checkReach(scope)
  }

  /// What no clock and no run reaches is no bound, from whichever side.
  private func checkReach(_ scope: GateScope) throws(Nonsense) {
    switch metric {
    case .latency:
      if bound < 1 || bound == 1 && comparison == .below {
        throw Nonsense("no latency is below 1 ns")
      }
      if bound > 31_536_000e9 { throw Nonsense("no run is longer than a year") }
    case .rate: if bound > 1e9 { throw Nonsense("no run makes 1,000M a second") }
    case .count: if bound > 1e15 { throw Nonsense("no run counts so far") }
    case .loss, .timeLost: break
    }
    if metric.isBoundedBySending(scope), let highest = scope.highestRate, passes(highest) {
      throw Nonsense("this run makes \(Quantities.rate(highest)) a second at most")
    }
    if metric == .count(.sent) || metric == .count(.acked), let most = scope.mostSent,
      passes(Double(most))
    {
      throw Nonsense("this run sends \(Quantities.rate(Double(most))) at most")
    }
  }

  /// Every value up to `most` keeps the gate, or none does.
  private func passes(_ most: Double) -> Bool {
    switch comparison {
    case .above, .atMost: bound >= most
    case .atLeast, .below, .equal, .same: bound > most
    }
  }

  /// No value keeps both.
  func contradicts(_ other: Gate) -> Bool {
    if metric.isNeverAbove(other.metric) { return isAbove(other) }
    if other.metric.isNeverAbove(metric) { return other.isAbove(self) }
    if Set([metric, other.metric]) == [.count(.lost), .loss] {
      return isZero && other.isAboveZero || other.isZero && isAboveZero
    }
    guard metric == other.metric else { return false }
    // If any value keeps both, one of these does; between two whole numbers there is no count.
    var candidates = [0, bound, other.bound, bound + 1, other.bound + 1]
    if metric.quantity != .count { candidates.append((bound + other.bound) / 2) }
    return !candidates.contains {
      comparison.holds($0, bound) && other.comparison.holds($0, other.bound)
    }
  }

  private var isZero: Bool { bound == 0 && comparison != .above && comparison != .atLeast }

  private var isAboveZero: Bool {
    switch comparison {
    case .above: true
    case .atLeast, .equal, .same: bound > 0
    case .below, .atMost: false
    }
  }

  /// Whatever keeps this gate is above whatever keeps the other.
  private func isAbove(_ other: Gate) -> Bool {
    let isFromBelow = comparison != .below && comparison != .atMost
    let isFromAbove = other.comparison != .above && other.comparison != .atLeast
    guard isFromBelow, isFromAbove else { return false }
    let isStrict = comparison == .above || other.comparison == .below
    return bound > other.bound || isStrict && bound == other.bound
  }
}

extension Metric {
  /// What is sent bounds it: in rr every request has one answer, elsewhere subscribers multiply.
  fileprivate func isBoundedBySending(_ scope: GateScope) -> Bool {
    switch self {
    case .rate(.sent), .rate(.acked): true
    case .rate(.received): scope.mode == "rr"
    default: false
    }
  }

  /// In every run the other figure is as large or larger.
  fileprivate func isNeverAbove(_ other: Metric) -> Bool {
    switch (self, other) {
    case (.count(.acked), .count(.sent)), (.rate(.acked), .rate(.sent)): true
    case (.latency(let kind, let statistic), .latency(let otherKind, let other)):
      kind == otherKind && statistic != other && statistic.isNeverAbove(other)
    default: false
    }
  }
}

extension Metric.Statistic {
  fileprivate func isNeverAbove(_ other: Self) -> Bool {
    switch (self, other) {
    case (.min, _), (_, .max): true
    case (.percentile(let low), .percentile(let high)): low <= high
    default: false
    }
  }
}

extension StringProtocol {
  var trimmingSpaces: String {
    var rest = self[...]
    while rest.first == " " { rest = rest.dropFirst() }
    while rest.last == " " { rest = rest.dropLast() }
    return String(rest)
  }
}
