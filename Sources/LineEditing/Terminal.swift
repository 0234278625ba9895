// The terminal that a line is edited on.

import Glibc
import Transport

/// A keyboard and a screen.
struct Terminal {
  let input: CInt
  let output: CInt

  /// - Returns: nil where there is no terminal, one that cannot put a message above the line, or one whose size
  ///   is a mistake: libedit has memory for every cell.
  init?(input: CInt, output: CInt) {
    let type = getenv("TERM").map { String(cString: $0) } ?? ""
    guard isatty(input) == 1, isatty(output) == 1, !["", "dumb"].contains(type) else { return nil }
    (self.input, self.output) = (input, output)
    if size.rows * size.columns > Self.mostCells { return nil }
  }

  private static let mostCells = 1_000_000

  /// It wraps rows anew that have become too wide: xterm and GNU screen do not.
  var rewraps: Bool { getenv("XTERM_VERSION") == nil && getenv("STY") == nil }

  var size: (rows: Int, columns: Int) {
    var size = winsize()
    guard ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 else {
      return (24, 80)
    }
    return (Int(size.ws_row), Int(size.ws_col))
  }

  var modes: termios {
    get {
      var modes = termios()
      tcgetattr(input, &modes)
      return modes
    }
    nonmutating set {
      var modes = newValue
      tcsetattr(input, TCSADRAIN, &modes)
    }
  }

  /// Gives up where a signal asks for the end and nobody takes what is written.
  func write(_ bytes: [UInt8], stop: StopSignals?) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
        continue
      }
      if count < 0, errno == EINTR, stop?.requested == nil { continue }
      if count < 0, errno == EAGAIN {
        var slot = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
        if poll(&slot, 1, -1) > 0 { continue }
      }
      return
    }
  }
}
