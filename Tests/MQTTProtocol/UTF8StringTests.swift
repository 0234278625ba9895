import MQTTProtocol
import TestSupport
import Testing

@Suite("UTF-8 string, MQTT 5 §1.5.4") struct UTF8StringTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    var fault: UTF8String.Fault?
    var testDescription: String { name }

    init(_ name: String, _ bytes: [UInt8], _ fault: UTF8String.Fault? = nil) {
      (self.name, self.bytes, self.fault) = (name, bytes, fault)
    }
  }

  static let rows: [Row] = [
    Row("U+0001, allowed if unwise (#3)", [0x01]),
    Row("U+007F", [0x7f]),
    Row("U+0080", [0xc2, 0x80]),
    Row("U+07FF", [0xdf, 0xbf]),
    Row("U+0800", [0xe0, 0xa0, 0x80]),
    Row("U+D7FF, the last before the surrogates", [0xed, 0x9f, 0xbf]),
    Row("U+E000, the first behind them", [0xee, 0x80, 0x80]),
    Row("U+FDD0, a non-character", [0xef, 0xb7, 0x90]),
    Row("U+FEFF, kept [MQTT-1.5.4-3] (#53)", [0xef, 0xbb, 0xbf]),
    Row("U+FFFF", [0xef, 0xbf, 0xbf]),
    Row("U+10000", [0xf0, 0x90, 0x80, 0x80]),
    Row("U+10FFFF", [0xf4, 0x8f, 0xbf, 0xbf]),
    Row("U+2A6D4, the example of §1.5.4.1", [0x41, 0xf0, 0xaa, 0x9b, 0x94]),
    Row("U+0000 [MQTT-1.5.4-2] (#52)", [0x00], .nullCharacter),
    Row("overlong U+0000, two bytes [MQTT-1.5.4-1] (#51)", [0xc0, 0x80], .illFormed),
    Row("overlong U+0000, three bytes [MQTT-1.5.4-1] (#51)", [0xe0, 0x80, 0x80], .illFormed),
    Row("overlong U+0000, four bytes [MQTT-1.5.4-1] (#51)", [0xf0, 0x80, 0x80, 0x80], .illFormed),
    Row("overlong U+007F [MQTT-1.5.4-1] (#51)", [0xc1, 0xbf], .illFormed),
    Row("overlong U+07FF [MQTT-1.5.4-1] (#51)", [0xe0, 0x9f, 0xbf], .illFormed),
    Row("overlong U+FFFF [MQTT-1.5.4-1] (#51)", [0xf0, 0x8f, 0xbf, 0xbf], .illFormed),
    Row("U+D800 [MQTT-1.5.4-1] (#51)", [0xed, 0xa0, 0x80], .illFormed),
    Row("U+DFFF [MQTT-1.5.4-1] (#51)", [0xed, 0xbf, 0xbf], .illFormed),
    Row("a surrogate pair, CESU-8 (#51)", [0xed, 0xa0, 0x81, 0xed, 0xb0, 0x80], .illFormed),
    Row("U+110000 [MQTT-1.5.4-1] (#51)", [0xf4, 0x90, 0x80, 0x80], .illFormed),
    Row("lead 0xF5 [MQTT-1.5.4-1] (#51)", [0xf5, 0x80, 0x80, 0x80], .illFormed),
    Row("five bytes [MQTT-1.5.4-1] (#51)", [0xf8, 0x88, 0x80, 0x80, 0x80], .illFormed),
    Row("0xFE [MQTT-1.5.4-1] (#51)", [0xfe], .illFormed),
    Row("0xFF [MQTT-1.5.4-1] (#51)", [0xff], .illFormed),
    Row("a continuation byte alone [MQTT-1.5.4-1] (#51)", [0xbf], .illFormed),
    Row("two bytes, second missing [MQTT-1.5.4-1] (#51)", [0xc3], .illFormed),
    Row("two bytes, second a letter [MQTT-1.5.4-1] (#51)", [0xc3, 0x61], .illFormed),
    Row("three bytes, third missing [MQTT-1.5.4-1] (#51)", [0xe2, 0x82], .illFormed),
    Row("three bytes, third a lead [MQTT-1.5.4-1] (#51)", [0xe2, 0x82, 0xc2], .illFormed),
    Row("four bytes, fourth missing [MQTT-1.5.4-1] (#51)", [0xf0, 0x9f, 0x98], .illFormed),
    Row("four bytes, fourth a letter [MQTT-1.5.4-1] (#51)", [0xf0, 0x9f, 0x98, 0x41], .illFormed),
  ]

  @Test(arguments: rows) func judges(_ row: Row) {
    #expect(fault(row.bytes) == row.fault)
  }

  /// Eight bytes are looked at together: the verdict is the same wherever the character stands.
  @Test(arguments: rows) func judgesAlikeAtEveryPlace(_ row: Row) {
    for before in 0...17 {
      for after in 0...9 {
        let bytes = letters(before) + row.bytes + letters(after)
        #expect(fault(bytes) == row.fault, "\(before) before, \(after) after")
      }
    }
  }

  /// Against Swift's own decoder, which knows the same rules but U+0000.
  @Test func agreesWithTheStandardLibrary() {
    var random = Generator(seed: 53)
    let pool: [UInt8] = [
      0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef,
      0xf0, 0xf3, 0xf4, 0xf5,
    ]
    for _ in 0..<30_000 {
      let bytes = (0..<Int.random(in: 1...5, using: &random)).map { _ in
        pool.randomElement(using: &random)!
      }
      #expect(
        (fault(bytes) == nil) == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
    }
  }

  @Test("65,535 bytes and one more [MQTT-4.7.3-3] (#6)") func length() throws {
    #expect(try UTF8String(letters(65_535)).bytes.count == 65_535)
    #expect(throws: UTF8String.Fault.tooLong(65_536)) { try UTF8String(letters(65_536)) }
    #expect(throws: TopicName.Fault.string(.tooLong(65_536))) { try TopicName(letters(65_536)) }
    #expect(throws: TopicFilter.Fault.string(.tooLong(65_536))) { try TopicFilter(letters(65_536)) }
  }

  @Test("65,535 bytes there and back in a topic (#6)") func longestTopic() throws {
    let packet = Packet.publish(Publish(topic: try UTF8String(letters(65_535)), payload: [7]))
    let bytes = packet.encoded(.v311)
    #expect(bytes == [0x30, 0x82, 0x80, 0x04, 0xff, 0xff] + letters(65_535) + [7])
    #expect(try decode(bytes, .v311) == Decoded(packet: packet, size: bytes.count))
  }

  @Test("no normalisation: equal only byte for byte (§1.5.4)") func canonicalEquivalents() throws {
    let (composed, decomposed) = ("\u{e9}", "e\u{301}")
    #expect(composed == decomposed)
    #expect(try UTF8String(composed) != UTF8String(decomposed))
    #expect(try Set([UTF8String(composed), UTF8String(decomposed)]).count == 2)
    #expect("\u{feff}a" as UTF8String != "a")
  }

  /// The scalars at the ends of what §1.5.4 names.
  static let scalars: [(UInt32, isControl: Bool)] = [
    (0x01, true), (0x0a, true), (0x1f, true), (0x20, false), (0x7e, false), (0x7f, true),
    (0x9f, true), (0xa0, false), (0xfdcf, false), (0xfdd0, true), (0xfdef, true), (0xfdf0, false),
    (0xfffd, false), (0xfffe, true), (0xffff, true), (0x1ffff, true), (0x10fffe, true),
  ]

  @Test("control and non-characters should not be sent (#3)", arguments: scalars)
  func controlCharacters(_ scalar: UInt32, _ isControl: Bool) throws {
    let text = "a" + String(try #require(Unicode.Scalar(scalar)))
    #expect(try UTF8String(text).hasControlCharacter == isControl)
  }

  private func fault(_ bytes: [UInt8]) -> UTF8String.Fault? {
    bytes.withUnsafeBytes { UTF8String.fault(in: $0) }
  }

  private func letters(_ count: Int) -> [UInt8] { Array(repeating: 0x61, count: count) }
}
