import LoadTest
import Testing

@Suite("Parts of a run") struct MergingTests {
  @Test func `histograms and counts add up exactly`() throws {
    let parts = (1...3).map { sampleResults(seed: UInt64($0), scale: Double($0)) }
    var all = Results(mode: "pubsub")
    for (place, part) in parts.enumerated() {
      let read = try Results(report: Array(part.jsonText.utf8))
      if place == 0 { all = read } else { try all.merge(read) }
    }
    #expect(all.messages.sent == 3000)
    #expect(all.messages.received == 3 * 993)
    #expect(all.messages.lost == 30)
    #expect(all.errors["connection reset by peer"] == 6)
    #expect(all.secondsLost == 0.75)
    #expect(all.connections == 300)
    #expect(all.duration == 4_999_999_999)
    for kind in LatencyKind.allCases {
      var sum = LatencyHistogram(numberOfSignificantValueDigits: .three)
      for part in parts { sum.add(part.latencies[kind]) }
      #expect(all.latencies[kind] == sum)
      #expect(all.latencies[kind].min == sum.min)
      #expect(all.latencies[kind].maxRecorded == sum.maxRecorded)
    }
    #expect(all.client?.memory == 37_037_034)
    // They watched the same broker.
    #expect(all.broker?.memory == 98_765_432)
    #expect(all.notes.count == 1)
  }

  @Test func `the order does not matter for figures`() throws {
    let (one, other) = (sampleResults(seed: 1), sampleResults(seed: 2, began: 1_764_144_001_400))
    var (left, right) = (one, other)
    try left.merge(other)
    try right.merge(one)
    #expect(left.jsonText == right.jsonText)
  }

  @Test func `seconds are added where they overlap`() throws {
    var all = sampleResults(seed: 1, seconds: 3)
    try all.merge(sampleResults(seed: 2, began: 1_764_144_002_000, seconds: 3, scale: 50))
    #expect(all.intervals.map(\.sent) == [200, 200, 400, 200, 200])
    #expect(all.duration == 4_999_999_999)
    let slow = sampleResults(seed: 2, seconds: 3, scale: 50).intervals[0].latency
    #expect(all.intervals[2].latency.count == 400)
    #expect(all.intervals[2].latency.p99 == slow.p99)
    #expect(all.intervals[2].latency.min < slow.min)
  }

  @Test func `settings that differ all stand there`() throws {
    var (one, other) = (sampleResults(), sampleResults())
    one.settings = [Fact("shard", "1/2"), Fact("rate", 100)]
    other.settings = [Fact("shard", "2/2"), Fact("rate", 100), Fact("qos", 1)]
    try one.merge(other)
    #expect(one.settings == [Fact("shard", "1/2, 2/2"), Fact("rate", 100), Fact("qos", 1)])
  }

  @Test func `runs of different times or modes are no parts of one`() throws {
    var one = sampleResults()
    let late = sampleResults(began: 1_764_144_005_000)
    var problems: [String] = []
    for other in [late, Results(mode: "pub")] {
      do throws(MergeFault) { try one.merge(other) } catch { problems.append(error.description) }
    }
    #expect(
      problems == [
        "they were not measured at the same time",
        "bench pubsub and bench pub are no parts of one run",
      ])
    #expect(one == sampleResults())
  }
}
