import Foundation
import Synchronization
import TestSupport
import Testing

/// Real brokers, each asked the same things in each version that it speaks.  What a broker does otherwise
/// has to stand in `Deviation.all`, and what stands there has to be seen.  `make interop` writes the
/// table; `make test` only looks, after the other suites, where all brokers are there.
@Suite(
  "Interoperability", .serialized,
  .enabled(if: wanted != nil, "make interop"))
struct InteropTests {
  private static let columns = Mutex<[InteropTable.Column]>([])

  @Test("as the table says", arguments: BrokerKind.all) func broker(_ kind: BrokerKind) throws {
    try #require(kind.isInstalled, "\(kind.title) is not installed")
    let broker = try Broker(kind)
    var column = InteropTable.Column(title: try kind.fullTitle())
    var spoken = Version.allCases
    for scenario in Scenario.all {
      for version in scenario.triesAll ? Version.allCases : spoken {
        let seen = try Self.run(scenario, Visit(broker, version, scenario.name))
        if scenario.triesAll, seen != nil { spoken.removeAll { $0 == version } }
        let deviation = Deviation.find(kind.title, scenario.name, version)
        #expect(
          deviation?.matches(seen) ?? (seen == nil),
          "\(kind.title), \(scenario.name), MQTT \(version.name): \(seen ?? "all is well")")
        column.add(scenario.name, version, seen, deviation)
      }
    }
    try broker.stop()
    try Self.columns.withLock { columns in
      columns.append(column)
      if wanted == "write", columns.count == BrokerKind.all.count {
        try InteropTable.write(columns)
      }
    }
  }

  private static func run(_ scenario: Scenario, _ visit: Visit) throws -> String? {
    do { return try scenario.run(visit) } catch let error as TimedOut { return "\(error)" }
  }
}

/// `write` or `check`.
private let wanted = ProcessInfo.processInfo.environment["APUS_INTEROP"]
