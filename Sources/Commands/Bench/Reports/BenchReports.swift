import LoadTest
import OptionTable

/// The files that a run's figures go to; opened before anything is sent.
final class BenchReports {
  private var files: [(file: ReportFile, text: (Results) -> String)] = []
  /// Takes the log of latencies while a run goes on.
  private(set) var log: SecondsFile?

  /// - Parameter isRunning: the log has a line for each second, not only one for all.
  /// - Throws: when a file cannot be written.
  init(_ asked: Settings.Benching, isRunning: Bool) throws(Failure) {
    let wishes: [(String, Argument?, (Results) -> String)] = [
      ("--json", asked.json, \.jsonText), ("--csv", asked.csv, \.csvText),
      ("--hdr", asked.hdr, HistogramLog.text), ("--html", asked.html, \.htmlText),
    ]
    var taken: [Argument: String] = [:]
    for (option, path, text) in wishes {
      guard let path else { continue }
      if path != "-", let other = taken.updateValue(option, forKey: path) {
        throw Failure(.usage, "\(other) and \(option) would both write \(path.shown)")
      }
      let file = try ReportFile(path, option)
      if isRunning, option == "--hdr" {
        let log = SecondsFile(file)
        self.log = log
        files.append((file, { _ in log.rest }))
      } else {
        files.append((file, text))
      }
    }
    if files.count(where: \.file.isStandardOutput) > 1 {
      throw Failure(.usage, "only one report can go to standard output ('-')")
    }
  }

  /// Standard output has a report that somebody reads by program, not the one for people.
  var takesStandardOutput: Bool { files.contains { $0.file.isStandardOutput } }

  /// Shows the tables, unless standard output has something else, and writes the files.
  ///
  /// - Throws: the first failure, once everything is written that can be.
  func write(_ results: Results) throws(Failure) {
    var failure = log?.failure
    for (file, text) in files {
      do throws(Failure) { try file.write(text(results)) } catch { failure = failure ?? error }
    }
    if !takesStandardOutput { try StandardOutput.print(results.text) }
    if let failure { throw failure }
  }
}
