import Glibc
import OptionTable

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
