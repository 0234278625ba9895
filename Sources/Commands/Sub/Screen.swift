import Glibc
import Rendering

extension ScreenSize {
  /// The size of the terminal on standard output; 80 by 24 where the terminal does not know.
  static func ofStandardOutput() -> ScreenSize {
    var size = winsize()
    let isKnown = ioctl(1, UInt(TIOCGWINSZ), &size) == 0
    return ScreenSize(
      columns: isKnown && size.ws_col > 0 ? Int(size.ws_col) : 80,
      rows: isKnown && size.ws_row > 0 ? Int(size.ws_row) : 24)
  }
}
