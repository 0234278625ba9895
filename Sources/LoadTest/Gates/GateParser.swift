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
    if metric == .rate(scope.mainCount), let highest = scope.highestRate,
      comparison == .above ? bound >= highest : comparison == .atLeast && bound > highest
    {
      throw Nonsense("this run makes \(Quantities.rate(highest)) a second at most")
    }
  }

  /// No value keeps both.
  func contradicts(_ other: Gate) -> Bool {
    guard metric == other.metric else { return false }
    // If any value keeps both, one of these does.
    let candidates = [bound, other.bound, (bound + other.bound) / 2, bound + 1, other.bound + 1]
    return !(candidates + [0]).contains {
      comparison.holds($0, bound) && other.comparison.holds($0, other.bound)
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
