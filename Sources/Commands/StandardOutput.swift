import Glibc
import Rendering
import Transport

/// Where help goes, and what mosquitto's clients show for `-d`; messages take `MessageOutput`'s way.
enum StandardOutput {
  /// In errors.
  static let name = "standard output"

  static func print(_ text: String, to descriptor: CInt = 1) throws(Failure) {
    try write(Array(text.utf8), to: descriptor)
  }

  static func write(
    _ bytes: [UInt8], to descriptor: CInt = 1, named name: String = name
  ) throws(Failure) {
    // A reader that is gone is an error like any other.
    signal(SIGPIPE, SIG_IGN)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 {
        let fault = TransportError.file(name: name, errno: errno)
        throw Failure(.outputFailed, "\(fault)")
      }
      rest = rest.dropFirst(count)
    }
  }

  /// One line, made safe; nobody waits for it to be read.
  static func line(_ text: String) {
    try? print(SafeText.escaped(text.utf8) + "\n")
  }
}
