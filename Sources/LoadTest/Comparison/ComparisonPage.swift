import Histogram

extension Comparison {
  /// A page for people, as a report's.
  package var htmlText: String {
    let mode = a.first?.mode ?? ""
    var body = "<header><h1>apus bench \(Markup.text(mode)): A and B</h1><p class=\"soft\">"
    body += "A: \(Markup.text(Self.when(a))). B: \(Markup.text(Self.when(b))).</p></header>\n"
    body += Markup.section(
      "What differs",
      "<div class=\"measures\">\(Markup.table("Means of the runs", head: Self.head, rows.map(words)))"
        + "</div>\n<p class=\"soft\">\(Markup.text(Self.explanation))</p>\n")
    let kind = a.first?.mainLatency ?? .delivery
    if let chart = PercentileChart.chart(
      "compared", "Latency of A and B by percentile",
      [Self.source("A", a, kind), Self.source("B", b, kind)])
    {
      body += Markup.section("\(kind.name.capitalizedFirst) by percentile", chart.figure)
    }
    if !differences.isEmpty {
      body += Markup.section(
        "Settings and circumstances that differ",
        "<div class=\"facts\">\(Markup.table("", head: ["", "A", "B"], differences))</div>\n")
    }
    return Markup.page(
      title: "apus bench \(mode): A and B",
      body + "<footer>Compared by apus bench compare.</footer>\n")
  }

  private static let explanation =
    "The confidence is that of Welch's t interval over the runs: in 95 of 100 such comparisons the true "
    + "change lies within it. Where it holds 0, no difference is shown. One run a side shows nothing "
    + "about chance: make three or more of each, in turn."

  private static func when(_ side: [Results]) -> String {
    let began = side.map(\.began).filter { $0 > 0 }.min()
    let date = began.map { ", the first at \(UTCTime(milliseconds: $0).words)" } ?? ""
    return (side.count == 1 ? "1 run" : "\(side.count) runs") + date
  }

  /// The messages of all runs of a side together.
  private static func source(
    _ name: String, _ side: [Results], _ kind: LatencyKind
  ) -> PercentileChart.Source {
    var sum = LatencyHistogram(numberOfSignificantValueDigits: .three)
    for run in side { sum.add(run.latencies[kind]) }
    return PercentileChart.Source(name: name, histogram: sum)
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
