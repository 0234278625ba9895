import LoadTest
import OptionTable

/// `apus bench compare A.json B.json`.
enum Compare {
  static func perform(
    _ before: [Argument], _ after: [Argument], html: Argument?
  ) throws(Failure) {
    let (a, b) = (try ReportInput.read(before), try ReportInput.read(after))
    let comparison: Comparison
    do { comparison = try Comparison(a, b) } catch { throw Failure(.usage, "\(error)") }
    let page = try html.map { (path) throws(Failure) in try ReportFile(path, "--html") }
    if page?.isStandardOutput != true { try StandardOutput.print(comparison.text) }
    try page?.write(comparison.htmlText)
  }
}
