import Foundation
import SASL
import TestSupport
import Testing

/// RFC 4013.
@Suite("Prepared text") struct PreparedTextTests {
  @Test(
    "what SASLprep would change or forbid is refused",
    arguments: [
      "a\u{a0}b", "I\u{ad}X", "\u{2168}", "\u{aa}", "\u{7}", "\u{7f}", "a\u{308}", "\u{212b}",
      "\u{627}1",
      "\u{ff21}", "\u{fb01}", "\u{1100}\u{1161}", "\u{200b}", "\u{e000}", "\u{0344}",
    ])
  func refused(_ text: String) { #expect(!PreparedText.isPrepared(Array(text.utf8))) }

  @Test("what is no UTF-8 is refused") func illFormed() {
    #expect(!PreparedText.isPrepared([0x61, 0xff]))
    #expect(!PreparedText.isPrepared([0xed, 0xa0, 0x80]))
  }

  @Test("whatever is taken, Python's tables of RFC 3454 leave as it is") func independent() throws {
    var taken = ""
    for value in 0x20..<0x3_0000 as Range<UInt32> {
      guard let scalar = Unicode.Scalar(value) else { continue }
      if PreparedText.isPrepared(Array(String(scalar).utf8)) { taken.unicodeScalars.append(scalar) }
    }
    #expect(taken.unicodeScalars.count > 50_000)
    let python = try RunningProgram(
      ["python3", "-c", Self.source], input: .bytes(Array(taken.utf8)))
    #expect(try python.wait() == .exited(0), "\(python.errorText)")
    #expect(python.outputText == "")
  }

  /// Prints the characters that SASLprep maps, forbids, or normalizes to others, alone or behind each other.
  private static let source = """
    import sys, stringprep as s, unicodedata
    text = sys.stdin.buffer.read().decode()
    nfkc = unicodedata.ucd_3_2_0.normalize
    wrong = [c for c in text if nfkc("NFKC", c) != c or s.in_table_b1(c) or s.in_table_c12(c)
      or s.in_table_c21_c22(c) or s.in_table_c3(c) or s.in_table_c4(c) or s.in_table_c5(c)
      or s.in_table_c6(c) or s.in_table_c7(c) or s.in_table_c8(c) or s.in_table_c9(c)
      or s.in_table_d1(c)]
    print("".join("%04x " % ord(c) for c in wrong), end="")
    if nfkc("NFKC", text) != text: print("together", end="")
    """
}
