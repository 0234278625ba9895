// The report for programs; its members are documented in apus-bench(1).

import Histogram
import Rendering

extension Results {
  /// Changes when members change their meaning or go away; new ones may come at any time.
  static let schema = "apus-bench/1"

  /// The JSON text.
  package var jsonText: String { json.text(levels: 2) }

  private var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("schema", .string(Self.schema)),
      .init("mode", .string(mode)),
      .init("began", .string(UTCTime(milliseconds: began).text)),
      .init("began_ms", .integer(began)),
      .init("duration_s", .real(seconds)),
      .init("settings", Self.object(settings)),
      .init("environment", Self.object(environment)),
      .init("messages", Self.object(messages)),
      .init("bytes", .object([.init("sent", bytesSent), .init("received", bytesReceived)])),
      .init("connections", .integer(connections)),
      .init("errors", .object(errors.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) })),
      .init("seconds_lost", .real(secondsLost)),
      .init("throughput", throughput),
      .init(
        "latency_us",
        .object(LatencyKind.allCases.map { .init($0.name, LatencySummary(latencies[$0]).json) })),
    ]
    members.append(.init("resources", resources))
    if !brokerValues.isEmpty {
      let values = brokerValues.sorted { $0.key < $1.key }
      members.append(.init("broker_sys", .object(values.map { .init($0.key, .string($0.value)) })))
    }
    members.append(.init("notes", .array(notes.map { .string($0) })))
    members.append(.init("seconds", .array(intervals.map(Self.object))))
    members.append(.init("histograms", histograms))
    return .object(members)
  }

  /// Messages, and bytes of payload, in a second of the measured time.
  private var throughput: JSONValue {
    let inTime = inTime
    return .object(
      Throughput.members.map { .init($0.name, .real(rate(inTime[keyPath: $0.path]))) })
  }

  private var resources: JSONValue {
    var members: [JSONValue.Member] = []
    if let client { members.append(.init("client", object(client))) }
    if let broker { members.append(.init("broker", object(broker))) }
    return .object(members)
  }

  private func object(_ use: ResourceUse) -> JSONValue {
    .object([
      .init("cpu_s", .real(use.processorTime)),
      .init("cpu_percent", .real(share(of: use) * 100)),
      .init("memory_bytes", .integer(use.memory)),
    ])
  }

  private var histograms: JSONValue {
    let kinds = LatencyKind.allCases.filter { latencies[$0].totalCount > 0 }
    return .object(kinds.map { .init($0.name, .string(HistogramCode.text(latencies[$0]))) })
  }

  private static func object(_ facts: [Fact]) -> JSONValue {
    .object(
      facts.map { fact in
        switch fact.value {
        case .integer(let number): .init(fact.name, number)
        case .real(let number): .init(fact.name, .real(number))
        case .text(let text): .init(fact.name, .string(text))
        }
      })
  }

  private static func object(_ counts: MessageCounts) -> JSONValue {
    .object(MessageCounts.members.map { .init($0.name, counts[keyPath: $0.path]) })
  }

  private static func object(_ interval: Interval) -> JSONValue {
    .object([
      .init("sent", interval.sent), .init("acked", interval.acked),
      .init("received", interval.received), .init("latency_us", interval.latency.json),
    ])
  }
}

extension LatencySummary {
  /// In microseconds; null for what nothing is known of.
  fileprivate var json: JSONValue {
    let times = Self.times.map { time -> JSONValue.Member in
      .init(time.name, count > 0 ? Self.microseconds(self[keyPath: time.path]) : .null)
    }
    return .object([.init("count", count)] + times)
  }

  private static func microseconds(_ nanoseconds: Int64) -> JSONValue {
    nanoseconds % 1000 == 0 ? .integer(nanoseconds / 1000) : .real(Double(nanoseconds) / 1000)
  }
}

extension JSONValue.Member {
  fileprivate init(_ name: String, _ number: Int64) { self.init(name, .integer(number)) }
}
