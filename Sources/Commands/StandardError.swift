import Glibc
import Rendering

/// Where errors, warnings and `-d` go: one write a line, so that lines of two programs don't mix.
enum StandardError {
  /// Whatever got into the text from outside, it stays one line and moves no cursor.
  static func line(_ text: String) {
    var line = Array(SafeText.escaped(text.utf8).utf8)
    line.append(UInt8(ascii: "\n"))
    line.withUnsafeBytes {
      while write(2, $0.baseAddress, $0.count) < 0, errno == EINTR {}
    }
  }
}
