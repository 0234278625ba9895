import Glibc
import OptionTable
import Transport

/// A file, or standard output for `-`.
final class ReportFile {
  private let descriptor: CInt
  private let name: String

  init(_ path: Argument, _ option: String) throws(Failure) {
    if path == "-" {
      name = StandardOutput.name
      descriptor = 1
      return
    }
    name = "\(option): \(path.shown)"
    descriptor = open(path.bytes.cString, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw Failure(.usage, "\(TransportError.file(name: name, errno: errno))") }
  }

  deinit { if descriptor > 1 { close(descriptor) } }

  var isStandardOutput: Bool { descriptor == 1 }

  func write(_ text: String) throws(Failure) {
    try StandardOutput.write(Array(text.utf8), to: descriptor, named: name)
  }
}
