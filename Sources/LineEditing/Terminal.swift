// The terminal that a line is edited on.

import Glibc

/// Standard input and output, where both are one that a line can be edited on.
struct Terminal {
  let input: CInt = 0
  let output: CInt = 1

  /// - Returns: nil where there is no terminal, one that cannot put a message above the line, or one whose size
  ///   is a mistake: libedit has memory for every cell.
  init?() {
    let type = getenv("TERM").map { String(cString: $0) } ?? ""
    guard isatty(input) == 1, isatty(output) == 1, !["", "dumb"].contains(type) else { return nil }
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
}
