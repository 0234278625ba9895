import MQTTProtocol
import Rendering
import TestSupport
import Testing

/// What acts on a terminal is shown instead.
@Suite("Escaping for a terminal") struct EscapingTests {
  private func shown(_ bytes: [UInt8], _ escaping: Escaping) -> String {
    var output = ByteBuffer()
    bytes.withUnsafeBytes { output.append($0, escaping) }
    return String(decoding: output.array, as: UTF8.self)
  }

  private func shown(_ text: String, _ escaping: Escaping) -> String {
    shown(Array(text.utf8), escaping)
  }

  @Test func `controls, C1, direction and separators`() {
    #expect(shown("a\u{1b}[31m\r\0\u{7f}", .text) == #"a\x1b[31m\r\x00\x7f"#)
    #expect(
      shown("\u{80}\u{9b}\u{202e}\u{2028}\u{200f}", .text)
        == #"\u{80}\u{9b}\u{202e}\u{2028}\u{200f}"#)
    #expect(shown("a\n\tb", .text) == "a\n\tb")
    #expect(shown("a\n\tb", .line) == #"a\n\tb"#)
    #expect(shown("grüße 你好 🦟 \u{a0}", .line) == "grüße 你好 🦟 \u{a0}")
    #expect(shown("\u{7f}\u{85}\u{202e}\n", .json) == "\\u007f\\u0085\\u202e\n")
  }

  @Test func `bytes that are not UTF-8`() {
    #expect(shown([0x61, 0xff, 0x9b, 0x62], .text) == #"a\xff\x9bb"#)
    #expect(shown([0xe2, 0x82], .text) == #"\xe2\x82"#)
    #expect(shown([0xc0, 0x8a], .line) == #"\xc0\x8a"#)
    #expect(shown([0xed, 0xa0, 0x80], .text) == #"\xed\xa0\x80"#)
    #expect(shown([0xf4, 0x90, 0x80, 0x80], .text) == #"\xf4\x90\x80\x80"#)
  }

  @Test func `unescaped it is left as it is`() {
    let all = (0...255).map { UInt8($0) }
    var output = ByteBuffer()
    all.withUnsafeBytes { output.append($0, .none) }
    #expect(output.array == all)
  }

  /// A slow second opinion, scalar by scalar.
  @Test func `random bytes are what a plain reading makes of them`() {
    var random = Generator(seed: 5)
    for _ in 0..<20_000 {
      let bytes = random.bytes(upTo: 30, isText: .random(using: &random))
      var expected = ""
      for scalar in String(validating: bytes, as: UTF8.self)?.unicodeScalars ?? "".unicodeScalars {
        switch scalar.value {
        case 0x0d: expected += "\\r"
        case 0x0a, 0x09: expected.unicodeScalars.append(scalar)
        case 0..<0x20, 0x7f:
          let digits = String(scalar.value, radix: 16)
          expected += "\\x" + (digits.count == 1 ? "0" : "") + digits
        case 0x80...0x9f, 0x61c: expected += "\\u{\(String(scalar.value, radix: 16))}"
        default: expected.unicodeScalars.append(scalar)
        }
      }
      let text = shown(bytes, .text)
      if String(validating: bytes, as: UTF8.self) != nil {
        #expect(Array(text.utf8) == Array(expected.utf8))
      }
      #expect(
        text.unicodeScalars.allSatisfy {
          !(0..<0x20 ~= $0.value || 0x7f..<0xa0 ~= $0.value) || $0 == "\n" || $0 == "\t"
        })
    }
  }

  @Test func `fields are escaped, the format's own escapes are not`() throws {
    let message = Sample {
      $0.topic = Array("a\u{1b}\nb".utf8)
      $0.payload = Array("p\u{9b}\n".utf8)
      $0.properties = properties(
        Property(.contentType, "\u{7f}"), Property(.correlationData, [0xff, 0x1b]),
        Property(user: "\u{8}", "\n"))
    }
    let shown = try message.shown(as: #"\e[1m%t\e[0m|%p|%C|%D|%P"#, exposure: .terminal)
    #expect(
      String(decoding: shown.bytes, as: UTF8.self)
        == "\u{1b}[1ma\\x1b\\nb\u{1b}[0m|p\\u{9b}\n|\\x7f|\\xff\\x1b|\\x08:\\n")
  }

  @Test func `a precision cuts the message's bytes, a width counts what is shown`() throws {
    let message = Sample { $0.payload = [0x1b, 0x61, 0x62] }
    func text(_ format: String) throws -> String {
      String(decoding: try message.shown(as: format, exposure: .terminal).bytes, as: UTF8.self)
    }
    #expect(try text("%.1p|") == #"\x1b|"#)
    #expect(try text("%-8p|") == #"\x1bab  |"#)
    #expect(try text("%08p|") == #"00\x1bab|"#)
    #expect(try text("%2p|") == #"\x1bab|"#)
  }
}
