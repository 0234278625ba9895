import Foundation
import Histogram
import LoadTest
import TestSupport
import Testing

@Suite("A histogram in HdrHistogram's encoding") struct HistogramCodeTests {
  static func histogram(_ values: [UInt64]) -> LatencyHistogram {
    var histogram = LatencyHistogram(numberOfSignificantValueDigits: .three)
    for value in values { histogram.record(value) }
    return histogram
  }

  static let samples: [[UInt64]] = [
    [0], [1], [7, 7], [0, 0, 1], [2047, 2048, 2049], [1_000_000_000], [3, 5_000_000_000],
    [123_456_789, 123_456_790], Array(0...5000), [1 << 52],
    (0..<300).map { UInt64($0) * UInt64($0) * 1013 },
  ]

  @Test(arguments: samples) func `is read back exactly, its ends included`(_ values: [UInt64])
    throws
  {
    let histogram = Self.histogram(values)
    let code = HistogramCode.text(histogram)
    #expect(code.hasPrefix("HISTF"))
    let back = try HistogramCode.histogram(
      code, lowest: histogram.min, highest: histogram.maxRecorded)
    #expect(back == histogram)
    #expect(back.min == histogram.min)
    #expect(back.maxRecorded == histogram.maxRecorded)
    for value in values { #expect(back.countForValue(value) == histogram.countForValue(value)) }
  }

  @Test func `large counts survive`() throws {
    var histogram = Self.histogram([5])
    histogram.record(90_000, count: 1 << 49)
    let code = HistogramCode.text(histogram)
    #expect(try HistogramCode.histogram(code, lowest: 5, highest: 90_000) == histogram)
  }

  @Test func `one that fills several blocks of the stream is read back`() throws {
    var histogram = Self.histogram([])
    for power in 11..<45 {
      for step in 0..<1024 as Range<UInt64> {
        histogram.record((1024 + step) << UInt64(power - 10), count: 1 << 20)
      }
    }
    let code = HistogramCode.text(histogram)
    #expect(code.utf8.count > 2 * 65536)
    #expect(
      try HistogramCode.histogram(code, lowest: histogram.min, highest: histogram.maxRecorded)
        == histogram)
  }

  /// Made by Python's hdrhistogram 0.10.8 of the values 1, 1000 and 1,000,000, and compressed.
  @Test func `what another program has compressed is refused in words`() {
    let code = "HISTFAAAACl4nJNpmSzMwMDAyQABzFCaEch0M9ixgMH+A1SA6TQ/0/t5jEwAgfoGww=="
    let fault = #expect(throws: HistogramFault.self) {
      try HistogramCode.histogram(code, lowest: 1, highest: 1_000_000)
    }
    #expect(fault?.description == "it was damaged, or compressed by another program")
  }

  @Test(.enabled(if: HistogramLogReader.isThere, "needs the package hdrhistogram of PyPI"))
  func `a log is read by another implementation`() throws {
    let results = sampleResults()
    let folder = TemporaryDirectory()
    let path = try folder.write(Array(HistogramLog.text(results).utf8), to: "run.hlog")
    var expected: [String] = []
    for kind in LatencyKind.allCases where results.latencies[kind].totalCount > 0 {
      let summary = LatencySummary(results.latencies[kind])
      var line = "\(kind.name) 0.0 5.0 \(summary.count)"
      // The highest value of the slot, as theirs: ours is cut at the highest value that was recorded.
      for percentile in [50, 99, 99.9] {
        let value = UInt64(results.latencies[kind].latency(at: percentile))
        line += " \(results.latencies[kind].highestEquivalentForValue(value))"
      }
      expected.append(line)
    }
    #expect(try HistogramLogReader.lines(of: path) == expected + ["1764144000.0"])
  }
}
