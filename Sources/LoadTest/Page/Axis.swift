import Glibc

/// One direction of a chart: where values lie, and which of them are named.
struct Axis {
  struct Tick {
    var place: Double
    var name: String
  }

  let title: String
  let ticks: [Tick]
  private let lower: Double
  private let upper: Double
  private let isLogarithmic: Bool

  /// From 0 at the lower end to 1 at the upper one.
  func place(_ value: Double) -> Double {
    let place =
      isLogarithmic
      ? (log10(max(value, lower)) - log10(lower)) / (log10(upper) - log10(lower))
      : (value - lower) / (upper - lower)
    return min(max(place, 0), 1)
  }

  /// From 0 to a round number, with a few ticks between.
  static func linear(
    _ title: String, to highest: Double, isTight: Bool = false, name: (Double) -> String
  ) -> Axis {
    let top = max(highest, 1e-9)
    let step = niceStep(top / (isTight ? 12 : 5))
    let upper = isTight ? top : (top / step).rounded(.up) * step
    let values = (0...Int((upper / step + 1e-9).rounded(.down))).map { Double($0) * step }
    return Axis(title, values, from: 0, to: upper, isLogarithmic: false, name)
  }

  /// Times in nanoseconds, in whole decades.
  static func times(_ title: String, from lowest: Double, to highest: Double) -> Axis {
    let first = log10(max(lowest, 1)).rounded(.down)
    let last = max(log10(max(highest, 1)).rounded(.up), first + 1)
    // Where few decades are there, their parts are named too.
    let parts: [Double] = last - first <= 2 ? [1, 2, 5] : last - first <= 3 ? [1, 3] : [1]
    var values: [Double] = []
    for decade in Int(first)...Int(last) {
      for part in parts where part == 1 || decade < Int(last) {
        values.append(part * pow(10, Double(decade)))
      }
    }
    return Axis(
      title, values, from: pow(10, first), to: pow(10, last), isLogarithmic: true,
      Quantities.roundTime)
  }

  /// Percentiles by their distance to 100 %, each further nine as wide as the one before.
  static func percentiles(upTo distance: Double) -> Axis {
    let last = max(distance.rounded(.up), 2)
    var ticks = [(0.0, "0 %"), (0.30103, "50 %"), (1, "90 %")]
    for nines in 2...Int(max(last, 2)) {
      let part = nines > 2 ? "." + String(repeating: "9", count: nines - 2) : ""
      ticks.append((Double(nines), "99\(part) %"))
    }
    return Axis(
      title: "percentile", ticks: ticks.map { Tick(place: $0.0 / last, name: $0.1) },
      lower: 0, upper: last, isLogarithmic: false)
  }

  private init(title: String, ticks: [Tick], lower: Double, upper: Double, isLogarithmic: Bool) {
    self.title = title
    self.ticks = ticks
    self.lower = lower
    self.upper = upper
    self.isLogarithmic = isLogarithmic
  }

  private init(
    _ title: String, _ values: [Double], from lower: Double, to upper: Double, isLogarithmic: Bool,
    _ name: (Double) -> String
  ) {
    let bare = Axis(
      title: title, ticks: [], lower: lower, upper: upper, isLogarithmic: isLogarithmic)
    self.init(
      title: title, ticks: values.map { Tick(place: bare.place($0), name: name($0)) },
      lower: lower, upper: upper, isLogarithmic: isLogarithmic)
  }

  /// The next of 1, 2, 5, 10, 20, … that is not below.
  private static func niceStep(_ least: Double) -> Double {
    let decade = pow(10, log10(least).rounded(.down))
    return ([1, 2, 5] as [Double]).map { $0 * decade }.first { $0 >= least * 0.999 } ?? 10 * decade
  }
}
