import Glibc
import Rendering

/// Where help goes, and what mosquitto's clients show for `-d`; messages take `MessageOutput`'s way.
enum StandardOutput {
  static func print(_ text: String, to descriptor: CInt = 1) throws(Failure) {
    // A reader that is gone is an error like any other.
    signal(SIGPIPE, SIG_IGN)
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 {
        throw Failure(.outputFailed, "standard output: \(String(cString: strerror(errno)))")
      }
      rest = rest.dropFirst(count)
    }
  }

  /// One line, made safe; nobody waits for it to be read.
  static func line(_ text: String) {
    try? print(SafeText.escaped(text.utf8) + "\n")
  }
}
