import Foundation

/// Python's hdrhistogram, which scripts/deps.sh installs where it can: another reader of HdrHistogram's logs.
package enum HistogramLogReader {
  private static let python = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../.build/python/bin/python").standardized.path
  package static let isThere = FileManager.default.isExecutableFile(atPath: python)

  /// - Returns: a line for each interval, with its tag, start in seconds since the log's beginning, length,
  ///   count, and the values at 50, 99 and 99.9 %; at the end the log's beginning in seconds since 1970.
  package static func lines(of path: String) throws -> [String] {
    let script = """
      import sys
      from hdrh.histogram import HdrHistogram
      from hdrh.log import HistogramLogReader
      reader = HistogramLogReader(sys.argv[1], HdrHistogram(1, 3600000000000, 3))
      lines = []
      while True:
          h = reader.get_next_interval_histogram()
          if not h: break
          at = h.get_value_at_percentile
          begin = reader.get_start_time_sec()
          start = h.get_start_time_stamp() / 1000 - begin
          length = (h.get_end_time_stamp() - h.get_start_time_stamp()) / 1000
          print(h.get_tag(), round(start, 3), round(length, 3), h.get_total_count(), at(50), at(99), at(99.9))
      print(round(reader.get_start_time_sec(), 3))
      """
    let program = try RunningProgram([python, "-c", script, path].map { Array($0.utf8) })
    try program.wait()
    // What it may have to say is no line that anybody expects.
    return (program.outputText + program.errorText).split(separator: "\n").map { String($0) }
  }
}
