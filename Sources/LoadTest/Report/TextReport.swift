// The report for a terminal.

import Histogram
import Rendering

extension Results {
  /// What the run ends with: tables, and what is to be known about them.
  package var text: String {
    var parts = [heading, messageTable]
    if LatencyKind.allCases.contains(where: { latencies[$0].totalCount > 0 }) {
      parts.append(latencyTable)
    }
    if client != nil || broker != nil { parts.append(resourceTable) }
    let remarks = remarks
    if !remarks.isEmpty { parts.append(remarks) }
    return parts.joined(separator: "\n")
  }

  private var heading: String {
    var heading = "bench \(mode): \(Quantities.time(duration)) measured"
    if connections > 0 { heading += ", \(Decimals.grouped(connections)) connections" }
    return heading + "\n"
  }

  private var messageTable: String {
    var table = TextTable()
    table.add(["messages", "count", "a second", "payload a second"])
    for (name, count, bytes) in [
      ("sent", messages.sent, bytesSent), ("acked", messages.acked, nil),
      ("received", messages.received, bytesReceived),
    ] as [(String, Int64, Int64?)] {
      let payload = bytes.map { Quantities.bytes(rate($0)) } ?? ""
      table.add([name, Decimals.grouped(count), Quantities.rate(rate(count)), payload])
    }
    let loss = messages.lost > 0 ? Quantities.percent(messages.loss) : ""
    table.add(["lost", Decimals.grouped(messages.lost), loss])
    table.add(["duplicates", Decimals.grouped(messages.duplicates)])
    table.add(["reordered", Decimals.grouped(messages.reordered)])
    table.add(["corrupted", Decimals.grouped(messages.corrupted)])
    return table.text
  }

  private var latencyTable: String {
    var table = TextTable()
    table.add(["latency", "count", "min", "mean", "p50", "p90", "p99", "p99.9", "max"])
    for kind in LatencyKind.allCases where latencies[kind].totalCount > 0 {
      let summary = LatencySummary(latencies[kind])
      let times: [String] = [
        Quantities.time(summary.min), Quantities.time(summary.mean), Quantities.time(summary.p50),
        Quantities.time(summary.p90), Quantities.time(summary.p99), Quantities.time(summary.p999),
        Quantities.time(summary.max),
      ]
      table.add([kind.name, Decimals.grouped(summary.count)] + times)
    }
    return table.text
  }

  private var resourceTable: String {
    var table = TextTable()
    table.add(["process", "CPU", "memory"])
    for (name, use) in [("client", client), ("broker", broker)] {
      guard let use else { continue }
      table.add([name, processorText(use), Quantities.bytes(Double(use.memory))])
    }
    return table.text
  }

  private var remarks: String {
    var lines = errors.sorted { $0.key < $1.key }.map { words, count in
      "error: \(SafeText.escaped(words.utf8)) (\(Decimals.grouped(count)) times)\n"
    }
    if secondsLost > 0 {
      lines.append(
        "without a connection: \(Quantities.time(secondsLost * 1e9)), all clients together\n")
    }
    lines += notes.map { "note: \(SafeText.escaped($0.utf8))\n" }
    return lines.joined()
  }

  /// Of one core.
  func share(of use: ResourceUse) -> Double { duration > 0 ? use.processorTime / seconds : 0 }

  func processorText(_ use: ResourceUse) -> String {
    Quantities.percent(share(of: use)) + " of a core"
  }
}
