/// Where the log of latencies goes while a run goes on.
final class SecondsFile {
  private let file: ReportFile
  /// What is still to be written when the run is over.
  private(set) var rest = ""
  /// The first write that failed; there is none after it.
  private(set) var failure: Failure?

  init(_ file: ReportFile) { self.file = file }

  /// The reader of a pipe, who may take nothing, must not hold up the run.
  func append(_ text: String) {
    if !file.isRegular {
      rest += text
    } else if failure == nil {
      do throws(Failure) { try file.write(text) } catch { failure = error }
    }
  }
}
