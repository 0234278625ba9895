import Glibc
import OptionTable
import Transport

/// A file, or standard output for `-`.
final class ReportFile {
  private let descriptor: CInt
  private let name: String
  private var hasBegun = false

  /// What is in the file stays until something is written or `begin` is called.
  ///
  /// - Parameter stop: signals that end the wait for a pipe's reader.
  init(_ path: Argument, _ option: String, stop: StopSignals? = nil) throws(Failure) {
    if path == "-" {
      name = StandardOutput.name
      descriptor = 1
      return
    }
    name = "\(option): \(path.shown)"
    descriptor = open(path.bytes.cString, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
    if descriptor >= 0 { return }
    let problem = errno
    if problem == EINTR, let signal = stop?.requested { throw Failure(signal: signal) }
    throw Failure(.usage, "\(TransportError.file(name: name, errno: problem))")
  }

  deinit { if descriptor > 1 { close(descriptor) } }

  var isStandardOutput: Bool { descriptor == 1 }

  /// Nobody who takes nothing can hold up a write to it.
  var isRegular: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  var identity: FileIdentity? { FileIdentity(descriptor) }

  /// What was in the file goes.
  func begin() {
    if !hasBegun, !isStandardOutput { _ = ftruncate(descriptor, 0) }
    hasBegun = true
  }

  func write(_ text: String) throws(Failure) {
    begin()
    try StandardOutput.write(Array(text.utf8), to: descriptor, named: name)
  }
}

/// Which file it is, whatever it is called.
struct FileIdentity: Hashable {
  private let device: dev_t
  private let number: ino_t

  /// - Returns: nil for devices, which several may write to.
  init?(_ descriptor: CInt) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  /// - Returns: nil where there is none of that name, too.
  init?(_ path: Argument) {
    var status = stat()
    if stat(path.bytes.cString, &status) != 0 { return nil }
    self.init(status)
  }

  private init?(_ status: stat) {
    let type = status.st_mode & S_IFMT
    if type != S_IFREG, type != S_IFIFO { return nil }
    device = status.st_dev
    number = status.st_ino
  }
}
