import LoadTest
import OptionTable
import Transport

/// The files that a run's figures go to; opened before anything is sent.
final class BenchReports {
  private var files: [(file: ReportFile, text: (Results) -> String)] = []
  /// Takes the log of latencies while a run goes on.
  private(set) var log: SecondsFile?

  /// - Parameter isRunning: the log has a line for each second, not only one for all.
  /// - Throws: when a file cannot be written, or is also another one's.
  init(
    _ asked: Settings.Benching, isRunning: Bool, stop: StopSignals? = nil
  ) throws(Failure) {
    let wishes: [(String, Argument?, (Results) -> String)] = [
      ("--json", asked.json, \.jsonText), ("--csv", asked.csv, \.csvText),
      ("--hdr", asked.hdr, HistogramLog.text), ("--html", asked.html, \.htmlText),
    ]
    if wishes.count(where: { $0.1 == "-" }) > 1 {
      throw Failure(.usage, "only one report can go to standard output ('-')")
    }
    var taken: [FileIdentity: String] = [:]
    for (option, path) in [
      ("--payload-file", asked.payloadFile), ("--client-table", asked.clientTable),
      ("--scenario", asked.scenario),
    ] where isRunning {
      if let path, let identity = FileIdentity(path) { taken[identity] = option }
    }
    for (option, path, text) in wishes {
      guard let path else { continue }
      let file = try ReportFile(path, option, stop: stop)
      if let identity = file.identity, let other = taken.updateValue(option, forKey: identity) {
        throw Failure(.usage, "\(other) and \(option) cannot both be \(path.shown)")
      }
      if isRunning, option == "--hdr" {
        let log = SecondsFile(file)
        self.log = log
        files.append((file, { _ in log.rest }))
      } else {
        files.append((file, text))
      }
    }
  }

  /// From here on the files are this run's.
  func begin() {
    for (file, _) in files { file.begin() }
  }

  /// Standard output has a report that somebody reads by program, not the one for people.
  var takesStandardOutput: Bool { files.contains { $0.file.isStandardOutput } }

  /// Writes the files, and shows the tables unless standard output has something else; pipes are last, for
  /// their readers may take nothing.
  ///
  /// - Throws: the first failure, once everything is written that can be.
  func write(_ results: Results) throws(Failure) {
    var failure = log?.failure
    for (file, text) in files.filter(\.file.isRegular) + files.filter({ !$0.file.isRegular }) {
      do throws(Failure) { try file.write(text(results)) } catch { failure = failure ?? error }
    }
    if !takesStandardOutput { try StandardOutput.print(results.text) }
    if let failure { throw failure }
  }
}
