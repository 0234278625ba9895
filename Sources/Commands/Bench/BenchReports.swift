import Glibc
import LoadTest
import OptionTable

/// The files that a run's figures go to; opened before anything is sent.
final class BenchReports {
  private let json: ReportFile?

  /// - Throws: when a file cannot be written.
  init(_ asked: Settings.Benching) throws(Failure) {
    json = try asked.json.map { (path) throws(Failure) in try ReportFile(path, "--json") }
  }

  /// Standard output has a report that somebody reads by program, not the one for people.
  var takesStandardOutput: Bool { json?.isStandardOutput == true }

  func write(_ results: Results) throws(Failure) {
    try json?.write(results.jsonText)
  }
}

/// A file, or standard output for `-`.
final class ReportFile {
  private let descriptor: CInt
  private let name: String

  init(_ path: Argument, _ option: String) throws(Failure) {
    name = "\(option): \(path.shown)"
    if path == "-" {
      descriptor = 1
      return
    }
    descriptor = (path.bytes + [0]).withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { text in
        text.baseAddress.map { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666) } ?? -1
      }
    }
    if descriptor < 0 { throw Failure(.usage, "\(name): \(String(cString: strerror(errno)))") }
  }

  deinit { if descriptor > 1 { close(descriptor) } }

  var isStandardOutput: Bool { descriptor == 1 }

  func write(_ text: String) throws(Failure) {
    do { try StandardOutput.write(Array(text.utf8), to: descriptor) } catch {
      var failure = error
      if descriptor != 1 { failure.text = "\(name): \(String(cString: strerror(errno)))" }
      throw failure
    }
  }
}
