import LoadTest
import OptionTable
import Transport

/// Reports that `--json` wrote.
enum ReportInput {
  /// A report has some kilobytes, and a hundred bytes for each second.
  private static let limit = 256 << 20

  static func read(_ paths: [Argument]) throws(Failure) -> [Results] {
    var reports: [Results] = []
    for path in paths { reports.append(try read(path)) }
    return reports
  }

  private static func read(_ path: Argument) throws(Failure) -> Results {
    let bytes: [UInt8]
    do {
      let file = path == "-" ? .standardInput : try InputFile(path: path.bytes, name: path.shown)
      bytes = try file.readAll(limit: limit, until: nil, stop: nil)
    } catch {
      throw Failure(.usage, "\(error)")
    }
    do { return try Results(report: bytes) } catch {
      throw Failure(.usage, "\(path.shown): \(error)")
    }
  }
}
