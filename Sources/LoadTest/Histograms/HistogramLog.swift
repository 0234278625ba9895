// The log that HdrHistogram's tools read, version 1.3.

import Histogram

/// A line for each interval and kind of latency: when it began, how long it was, the highest value, the
/// histogram.  Times are seconds since the measured time began, values are nanoseconds, and the highest
/// one is told in milliseconds, as is the custom.
package enum HistogramLog {
  /// - Parameter began: milliseconds since 1970.
  package static func head(began: Int64) -> String {
    let seconds = Decimals.fixed(Double(began) / 1000, 3)
    return """
      #[Logged by apus bench]
      #[Histogram log format version 1.3]
      #[StartTime: \(seconds) (seconds since epoch), \(UTCTime(milliseconds: began).text)]
      #[BaseTime: \(seconds) (seconds since epoch)]
      "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"

      """
  }

  /// - Parameters:
  ///   - start: seconds since the measured time began.
  ///   - length: seconds.
  package static func line(
    _ kind: LatencyKind, start: Double, length: Double, _ histogram: LatencyHistogram
  ) -> String {
    let parts: [String] = [
      "Tag=\(kind.name)", Decimals.fixed(start, 3), Decimals.fixed(length, 3),
      Decimals.fixed(Double(histogram.maxRecorded) / 1e6, 3), HistogramCode.text(histogram),
    ]
    return parts.joined(separator: ",") + "\n"
  }

  /// The whole measured time as one interval: of reports that were merged, seconds are not known.
  package static func text(_ results: Results) -> String {
    var text = head(began: results.began)
    for kind in LatencyKind.allCases where results.latencies[kind].totalCount > 0 {
      text += line(kind, start: 0, length: results.seconds, results.latencies[kind])
    }
    return text
  }
}
