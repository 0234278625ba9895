// SASLprep (RFC 4013), as far as it changes nothing.

/// The whole of SASLprep needs tables of Unicode 3.2.  Here is what can be told without: text that it is sure
/// to leave as it is, which is ASCII, and letters, digits and signs that are not other forms of something else.
package enum PreparedText {
  package static func isPrepared(_ bytes: [UInt8]) -> Bool {
    guard let text = String(validating: bytes, as: UTF8.self) else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII ? (0x20...0x7e).contains(scalar.value) : isStable(scalar)
    }
  }

  private static func isStable(_ scalar: Unicode.Scalar) -> Bool {
    // Scripts from right to left have rules of their own; Hangul's single letters compose; some signs are
    // forbidden.
    switch scalar.value {
    case 0x590...0x8ff, 0xfb1d...0xfdff, 0xfe70...0xfeff, 0x1_0800...0x1_0fff, 0x1_e800...0x1_efff,
      0x1100...0x11ff, 0x1806, 0x2ff0...0x2fff, 0xfff0...0xffff:
      return false
    // Sharp s and final sigma: their upper cases are other letters'.
    case 0xdf, 0x3c2: return true
    default: break
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .otherLetter, .modifierLetter, .decimalNumber,
      .currencySymbol, .mathSymbol, .otherSymbol, .dashPunctuation, .openPunctuation,
      .closePunctuation, .initialPunctuation, .finalPunctuation, .otherPunctuation:
      break
    default: return false
    }
    // A letter that stands for another one has its lower case, or its lower case's upper case, elsewhere.
    if !scalar.properties.changesWhenNFKCCaseFolded { return true }
    let lower = scalar.properties.lowercaseMapping.unicodeScalars
    guard lower.count == 1, let small = lower.first, small != scalar,
      !small.properties.changesWhenNFKCCaseFolded
    else { return false }
    return small.properties.uppercaseMapping.unicodeScalars.elementsEqual([scalar])
  }
}
