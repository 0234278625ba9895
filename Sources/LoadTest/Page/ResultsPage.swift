// The report for people: one page.

import Histogram

extension Results {
  /// The page as HTML.  All of it stands in this one text: it needs no network and runs no script.
  package var htmlText: String {
    let title = "apus bench \(mode)"
    return Markup.page(
      title: title,
      header(title) + figures + noteBox + curves + measures + facts
        + "<footer>Measured and written by apus bench. Latency counts from the moment a message was due, "
        + "service from the moment it was sent.</footer>\n")
  }

  private func header(_ title: String) -> String {
    let when = began > 0 ? UTCTime(milliseconds: began).words + " · " : ""
    let links = connections > 0 ? " · \(Decimals.grouped(connections)) connections" : ""
    return "<header><h1>\(Markup.text(title))</h1><p class=\"soft\">"
      + "\(Markup.text("\(when)\(Quantities.time(duration)) measured\(links)"))</p></header>\n"
  }

  private var figures: String {
    let latency = LatencySummary(latencies[mainLatency])
    var shown: [(String, String, Bool)] = [mainRate]
    if latency.count > 0 {
      for (name, time) in [("p50", latency.p50), ("p99", latency.p99), ("max", latency.max)] {
        shown.append(("\(mainLatency.name) \(name)", Quantities.time(time), false))
      }
    }
    if messages.received > 0 || messages.lost > 0 {
      shown.append(("lost", Decimals.grouped(messages.lost), messages.lost > 0))
    }
    shown.append(("errors", Decimals.grouped(errorCount), errorCount > 0))
    let boxes = shown.map { name, value, isAlarm in
      "<div\(isAlarm ? " class=\"alarm\"" : "")><dt>\(Markup.text(name))</dt>"
        + "<dd>\(Markup.text(value))</dd></div>"
    }
    return "<dl class=\"figures\">\(boxes.joined())</dl>\n"
  }

  private var mainRate: (String, String, Bool) {
    let (name, count) = mainCount
    return ("\(name)/s", Quantities.rate(rate(count)), false)
  }

  private var noteBox: String {
    var lines = notes
    if secondsLost > 0 {
      lines.append(
        "Without a connection: \(Quantities.time(secondsLost * 1e9)), all clients together.")
    }
    if lines.isEmpty { return "" }
    return "<aside class=\"notes\" aria-label=\"Notes\">"
      + lines.map { "<p>\(Markup.text($0))</p>" }.joined() + "</aside>\n"
  }

  private var curves: String {
    // What a user waits for and what stands beside it; connecting has a chart of its own.
    let ways: [LatencyKind] = [.delivery, .service, .ack]
    let openings: [LatencyKind] = [.connect, .tls, .connack, .suback]
    func source(_ kind: LatencyKind) -> PercentileChart.Source {
      PercentileChart.Source(name: kind.name, histogram: latencies[kind])
    }
    let times = TimeCharts(self)
    let charts: [(String, Chart?)] = [
      (
        "Latency by percentile",
        PercentileChart.chart("messages", "Latency of messages by percentile", ways.map(source))
      ),
      ("Throughput over time", times.throughput),
      ("Latency over time", times.latency),
      (
        "Connecting by percentile",
        PercentileChart.chart(
          "opening", "Latency of connecting by percentile", openings.map(source))
      ),
    ]
    return charts.map { title, chart in
      chart.map { Markup.section(title, $0.figure) } ?? ""
    }.joined()
  }

  private var measures: String {
    var tables = Markup.table(
      "Messages", head: ["", "count", "a second", "payload a second"], messageRows)
    let kinds = LatencyKind.allCases.filter { latencies[$0].totalCount > 0 }
    if !kinds.isEmpty {
      tables += Markup.table(
        "Latency", head: ["", "count", "min", "mean", "p50", "p90", "p99", "p99.9", "max"],
        kinds.map(latencyRow))
    }
    if client != nil || broker != nil {
      tables += Markup.table("Processes", head: ["", "CPU", "memory"], resourceRows)
    }
    if !errors.isEmpty {
      tables += Markup.table("Errors", head: ["", "count"], errorRows)
    }
    return Markup.section("Figures", "<div class=\"measures\">\(tables)</div>\n")
  }

  private var facts: String {
    let parts = [("Settings", settings), ("Environment", environment)].filter { !$0.1.isEmpty }
    if parts.isEmpty { return "" }
    let tables = parts.map { name, facts in
      "<div>\(Markup.table(name, head: nil, facts.map { [$0.name, $0.value.text] }))</div>"
    }
    return Markup.section(
      "Settings and environment", "<div class=\"columns facts\">\(tables.joined())</div>\n")
  }
}
