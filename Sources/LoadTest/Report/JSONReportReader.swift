// What JSONReport wrote, read back.

import Histogram
import Rendering

/// Why a file is no report.
package struct ReportFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ text: String) { description = text }
}

extension Results {
  /// Reads a report.  Members that are not known are passed over.
  package init(report text: [UInt8]) throws(ReportFault) {
    let json: JSONValue
    do throws(JSONFault) { json = try JSONValue(text) } catch {
      throw ReportFault(error.description)
    }
    let report = ReportObject(json, "")
    guard let schema = try report.text("schema", orElse: nil), schema.hasPrefix("apus-bench/")
    else { throw ReportFault("it is no report of 'apus bench --json'") }
    if schema != Self.schema {
      throw ReportFault("its schema is '\(schema)'; this apus reads '\(Self.schema)'")
    }
    self.init(mode: try report.text("mode"))
    began = try report.count("began_ms")
    if began > Self.latest { throw ReportFault("'began_ms' is too far in the future") }
    duration = try report.nanoseconds("duration_s", scale: 1e9)
    if duration > Self.longest { throw ReportFault("'duration_s' is too long") }
    settings = try report.facts("settings")
    environment = try report.facts("environment")
    messages = try report.messages("messages")
    let bytes = try report.object("bytes")
    bytesSent = try bytes.count("sent")
    bytesReceived = try bytes.count("received")
    let rates = try report.object("throughput")
    var inTime = Throughput()
    for (name, path) in Throughput.members {
      inTime[keyPath: path] = Int64(clamping: (try rates.number(name) * seconds).rounded())
    }
    late = self.inTime.without(inTime)
    connections = try report.count("connections")
    errors = try report.counts("errors")
    secondsLost = try report.number("seconds_lost")
    let resources = try report.object("resources")
    client = try resources.use("client")
    broker = try resources.use("broker")
    if let values = try report.optionalObject("broker_sys") { brokerValues = try values.allTexts() }
    notes = try report.texts("notes")
    intervals = try report.intervals("seconds")
    latencies = try report.latencies()
  }

  /// The year 2100, in milliseconds.
  private static let latest: Int64 = 4_102_444_800_000
  /// Ten days, in nanoseconds.
  private static let longest: Int64 = 864_000_000_000_000
}

extension ReportObject {
  fileprivate func messages(_ name: String) throws(ReportFault) -> MessageCounts {
    let members = try object(name)
    var counts = MessageCounts()
    for (name, path) in MessageCounts.members {
      // Reports of the first versions have no 'unsent'.
      counts[keyPath: path] = try members.count(name, orElse: path == \.unsent ? 0 : nil)
    }
    return counts
  }

  fileprivate func use(_ name: String) throws(ReportFault) -> ResourceUse? {
    guard let use = try optionalObject(name) else { return nil }
    return ResourceUse(
      processorTime: try use.number("cpu_s"), memory: try use.count("memory_bytes"))
  }

  fileprivate func intervals(_ name: String) throws(ReportFault) -> [Interval] {
    var intervals: [Interval] = []
    for element in try objects(name) {
      var interval = Interval()
      interval.sent = try element.count("sent")
      interval.acked = try element.count("acked")
      interval.received = try element.count("received")
      interval.latency = try element.object("latency_us").summary()
      intervals.append(interval)
    }
    return intervals
  }

  private func summary() throws(ReportFault) -> LatencySummary {
    var summary = LatencySummary()
    summary.count = try count("count")
    if summary.count == 0 { return summary }
    for (name, path) in LatencySummary.times {
      summary[keyPath: path] = try nanoseconds(name, scale: 1000)
    }
    return summary
  }

  fileprivate func latencies() throws(ReportFault) -> Latencies {
    var latencies = Latencies()
    let summaries = try object("latency_us")
    let histograms = try object("histograms")
    for kind in LatencyKind.allCases {
      guard let code = try histograms.text(kind.name, orElse: nil) else { continue }
      let summary = try summaries.object(kind.name).summary()
      do throws(HistogramFault) {
        latencies[kind] = try HistogramCode.histogram(
          code, lowest: UInt64(summary.min), highest: UInt64(summary.max))
      } catch {
        throw ReportFault("'histograms.\(kind.name)' cannot be used: \(error)")
      }
      guard latencies[kind].totalCount == summary.count else {
        throw ReportFault("'histograms.\(kind.name)' does not hold 'latency_us.\(kind.name).count'")
      }
    }
    return latencies
  }
}
