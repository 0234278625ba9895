import LoadTest
import Testing

@Suite("Two sides compared") struct ComparisonTests {
  private static func run(_ received: Int64, slow: UInt64 = 1, size: Int = 64) -> Results {
    var results = Results(mode: "pubsub")
    results.duration = 1_000_000_000
    results.messages.received = received
    results.latencies[.delivery].record(slow * 1_000_000)
    results.settings = [Fact("size", size), Fact("qos", 1)]
    return results
  }

  private static func verdict(_ name: String, _ comparison: Comparison) -> Comparison.Verdict? {
    comparison.rows.first { $0.name == name }?.verdict
  }

  @Test func `one run a side shows nothing about chance`() throws {
    let comparison = try Comparison([Self.run(1000)], [Self.run(1100, size: 128)])
    #expect(
      comparison.text == """
        A: 1 run  B: 1 run

                                 A        B   change  95 % confidence                  verdict
        received a second    1,000    1,100  +10.0 %                   one run shows no chance
        delivery p50       1.00 ms  1.00 ms    0.0 %                                      same
        delivery p90       1.00 ms  1.00 ms    0.0 %                                      same
        delivery p99       1.00 ms  1.00 ms    0.0 %                                      same
        delivery p99.9     1.00 ms  1.00 ms    0.0 %                                      same
        delivery max       1.00 ms  1.00 ms    0.0 %                                      same
        loss                   0 %      0 %                                               same
        errors                   0        0                                               same

        differs   A    B
        size     64  128

        """)
  }

  /// By hand: means 1000 and 1100, variances 100 each, three runs a side: the difference is 100, its
  /// standard error 8.165, 4 degrees of freedom, t 2.776: from 77.3 to 122.7.
  @Test func `a difference beyond chance has its range`() throws {
    let comparison = try Comparison(
      [990, 1000, 1010].map { Self.run($0) }, [1090, 1100, 1110].map { Self.run($0) })
    #expect(Self.verdict("received a second", comparison) == .better)
    let line = comparison.text.split(separator: "\n").first { $0.hasPrefix("received") }
    #expect(line?.contains("+10.0 %  +7.7 % to +12.3 %") == true, "\(comparison.text)")
  }

  @Test func `one within chance is none`() throws {
    let comparison = try Comparison(
      [900, 1000, 1100].map { Self.run($0) }, [950, 1050, 1150].map { Self.run($0) })
    #expect(Self.verdict("received a second", comparison) == .unclear)
  }

  @Test func `more messages are better, longer latency is worse`() throws {
    let slower = try Comparison(
      [5, 6, 7].map { Self.run(1000, slow: $0) }, [50, 60, 70].map { Self.run(990, slow: $0) })
    #expect(Self.verdict("delivery p99", slower) == .worse)
    #expect(Self.verdict("received a second", slower) == .worse)
    let faster = try Comparison(
      [50, 60, 70].map { Self.run(990, slow: $0) }, [5, 6, 7].map { Self.run(1000, slow: $0) })
    #expect(Self.verdict("delivery p99", faster) == .better)
    #expect(Self.verdict("received a second", faster) == .better)
  }

  @Test func `runs of two modes are not compared`() {
    let fault = #expect(throws: MergeFault.self) {
      try Comparison([Self.run(1)], [Results(mode: "pub")])
    }
    #expect(
      fault?.description == "there is nothing to compare between bench pub and bench pubsub")
  }

  @Test func `the page has the table and both curves`() throws {
    let page = try Comparison([Self.run(1000)], [Self.run(1100)]).htmlText
    #expect(page.contains("<th scope=\"row\">received a second</th><td>1,000</td><td>1,100</td>"))
    #expect(page.components(separatedBy: "<path class=\"curve").count == 5)
  }
}
