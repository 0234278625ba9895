import Histogram
import LoadTest
import Testing

@Suite("Latency histograms") struct LatencyHistogramTests {
  @Test("a percentile is within a thousandth of the truth") func percentiles() {
    var histogram = LatencyHistogram(numberOfSignificantValueDigits: .three)
    for value: UInt64 in 1...10_000 { histogram.record(value * 1000) }
    let median = histogram.valueAtPercentile(50)
    #expect(median >= 4_995_000 && median <= 5_005_000)
  }
}
