import Rendering
import TestSupport
import Testing

/// Text from outside, on its way to a terminal.
@Suite("Safe text") struct SafeTextTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    var shown: String
    var testDescription: String { name }

    init(_ name: String, _ text: String, _ shown: String) {
      self.init(name, bytes: Array(text.utf8), shown)
    }

    init(_ name: String, bytes: [UInt8], _ shown: String) {
      (self.name, self.bytes, self.shown) = (name, bytes, shown)
    }
  }

  static let rows: [Row] = [
    Row("newline", "a\nb", #"a\nb"#),
    Row("carriage return", "a\rb", #"a\rb"#),
    Row("both are two", "a\r\nb", #"a\r\nb"#),
    Row("tab", "a\tb", #"a\tb"#),
    Row("NUL", "a\0b", #"a\x00b"#),
    Row("bell and backspace", "\u{07}\u{08}", #"\x07\x08"#),
    Row("a colour", "\u{1b}[31mred", #"\x1b[31mred"#),
    Row("a title", "\u{1b}]0;title\u{07}", #"\x1b]0;title\x07"#),
    Row("the last of C0, and what follows", "\u{1f} ", #"\x1f "#),
    Row("DEL", "~\u{7f}", #"~\x7f"#),
    Row("C1: PAD, NEL, CSI, APC", "\u{80}\u{85}\u{9b}\u{9f}", #"\u{80}\u{85}\u{9b}\u{9f}"#),
    Row("behind C1", "\u{a0}", "\u{a0}"),
    Row("line and paragraph separator", "\u{2028}\u{2029}", #"\u{2028}\u{2029}"#),
    Row(
      "embeddings and overrides", "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}",
      #"\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}"#),
    Row(
      "isolates", "\u{2066}\u{2067}\u{2068}\u{2069}", #"\u{2066}\u{2067}\u{2068}\u{2069}"#),
    Row("byte order mark", "\u{feff}a", #"\u{feff}a"#),
    Row("annotations", "\u{fff9}\u{fffb}", #"\u{fff9}\u{fffb}"#),
    Row(
      "their neighbours stay", "\u{2027}\u{202f}\u{2065}\u{206a}",
      "\u{2027}\u{202f}\u{2065}\u{206a}"),
    Row("not UTF-8", bytes: [0x61, 0xff, 0x62], "a\u{fffd}b"),
    Row("a raw C1 byte", bytes: [0x9b, 0x33, 0x31, 0x6d], "\u{fffd}31m"),
    Row("cut in the middle", bytes: [0x61, 0xe2, 0x82], "a\u{fffd}"),
    Row("a letter in the middle", bytes: [0xe2, 0x82, 0x61], "\u{fffd}a"),
    Row("an overlong newline", bytes: [0xc0, 0x8a], "\u{fffd}\u{fffd}"),
    Row("a surrogate", bytes: [0xed, 0xa0, 0x80], "\u{fffd}\u{fffd}\u{fffd}"),
    Row("above U+10FFFF", bytes: [0xf4, 0x90, 0x80, 0x80], "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
    Row("nothing", "", ""),
  ]

  @Test("shows what must not act", arguments: rows) func shows(_ row: Row) {
    #expect(Array(SafeText.escaped(row.bytes).utf8) == Array(row.shown.utf8))
  }

  @Test(
    "leaves plain text as it is, byte for byte",
    arguments: [
      "sensors/kitchen/temperature", " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", "größer", "e\u{301}",
      "温度", "العربية", "עברית", "👩‍👩‍👧‍👦", "\u{10ffff}",
    ])
  func leaves(_ text: String) {
    #expect(Array(SafeText.escaped(Array(text.utf8)).utf8) == Array(text.utf8))
  }

  @Test("whatever comes in, no control character comes out", arguments: [1, 2] as [UInt64])
  func property(_ seed: UInt64) throws {
    var random = Generator(seed: seed)
    for _ in 0..<1000 {
      // Every other string is made of what is most likely to get through.
      let bytes =
        Bool.random(using: &random)
        ? random.bytes(Int.random(in: 0...40, using: &random))
        : (0..<10).flatMap { _ in Self.hostile.randomElement(using: &random) ?? [] }
      let scalars = SafeText.escaped(bytes).unicodeScalars
      let found = scalars.first {
        $0.properties.generalCategory == .control || $0.properties.generalCategory == .lineSeparator
          || $0.properties.generalCategory == .paragraphSeparator || Self.turns.contains($0.value)
      }
      try #require(found == nil, "\(bytes)")
      // Nothing but whole scalars: a String is always that, and so nothing was made up in between.
      try #require(String(validating: Array(String(scalars).utf8), as: UTF8.self) != nil)
    }
  }

  private static let turns = Set(Array(0x202a...0x202e) + Array(0x2066...0x2069) as [UInt32])

  /// Pieces of control characters that find each other.
  private static let hostile: [[UInt8]] = [
    [0x0a], [0x0d], [0x1b, 0x5b], [0x7f], [0xc2], [0x85], [0x9b], [0xe2, 0x80], [0xa8], [0xae],
    [0xe2, 0x81], [0xa7], [0xef, 0xbf], [0xf0, 0x9f], [0x61], [0xc2, 0x9b],
  ]
}
