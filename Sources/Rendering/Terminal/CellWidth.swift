// How wide characters are on a terminal.

/// Columns that characters take, roughly as wcwidth(3) has them; that one knows nothing outside a UTF-8
/// locale.
package enum CellWidth {
  package static func of(_ scalar: UInt32) -> Int {
    if scalar < 0x300 { return scalar == 7 ? 0 : 1 }
    switch scalar {
    case 0x1160...0x11ff, 0x200b...0x200d: return 0
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xa960...0xa97c, 0xac00...0xd7a3,
      0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x16fe0...0x18cff,
      0x1b000...0x1b2ff, 0x1f300...0x1f64f, 0x1f680...0x1f6ff, 0x1f900...0x1faff,
      0x20000...0x3fffd:
      return isCombining(scalar) ? 0 : 2
    default:
      if isCombining(scalar) { return 0 }
      return Unicode.Scalar(scalar)?.properties.isEmojiPresentation == true ? 2 : 1
    }
  }

  private static func isCombining(_ scalar: UInt32) -> Bool {
    switch Unicode.Scalar(scalar)?.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: true
    default: false
    }
  }
}
