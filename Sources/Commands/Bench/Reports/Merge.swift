import LoadTest
import OptionTable

/// `apus bench merge A.json B.json …`.
enum Merge {
  static func perform(_ parts: [Argument], _ asked: Settings.Benching) throws(Failure) {
    // The parts are read before a report takes the place of one of them.
    let reports = try ReportInput.read(parts)
    guard var whole = reports.first else { return }
    for (part, path) in zip(reports, parts).dropFirst() {
      do { try whole.merge(part) } catch {
        throw Failure(.usage, "\(parts[0].shown) and \(path.shown): \(error)")
      }
    }
    try BenchReports(asked, isRunning: false).write(whole)
  }
}
