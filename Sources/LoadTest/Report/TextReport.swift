// The report for a terminal.

import Histogram
import Rendering

extension Results {
  /// What the run ends with: tables, and what is to be known about them.
  package var text: String {
    var parts = [heading]
    parts.append(
      TextTable([["messages", "count", "a second", "payload a second"]] + messageRows).text)
    let kinds = LatencyKind.allCases.filter { latencies[$0].totalCount > 0 }
    if !kinds.isEmpty {
      let head = ["latency", "count", "min", "mean", "p50", "p90", "p99", "p99.9", "max"]
      parts.append(TextTable([head] + kinds.map(latencyRow)).text)
    }
    if client != nil || broker != nil {
      parts.append(TextTable([["process", "CPU", "memory"]] + resourceRows).text)
    }
    let remarks = remarks
    if !remarks.isEmpty { parts.append(remarks) }
    return parts.joined(separator: "\n")
  }

  private var heading: String {
    var heading = "bench \(mode): \(Quantities.time(duration)) measured"
    if connections > 0 { heading += ", \(Decimals.grouped(connections)) connections" }
    return heading + "\n"
  }

  private var remarks: String {
    var lines = errorRows.map { row in
      "error: \(SafeText.escaped(row[0].utf8)) (\(row[1] == "1" ? "once" : "\(row[1]) times"))\n"
    }
    if secondsLost > 0 {
      lines.append(
        "without a connection: \(Quantities.time(secondsLost * 1e9)), all clients together\n")
    }
    lines += notes.map { "note: \(SafeText.escaped($0.utf8))\n" }
    return lines.joined()
  }
}
