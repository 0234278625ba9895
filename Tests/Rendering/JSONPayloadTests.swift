import Foundation
import Rendering
import TestSupport
import Testing

/// `%J`: what is JSON goes in as it is, what is not is told.
@Suite("A payload that is JSON") struct JSONPayloadTests {
  static let valid: [(String, String)] = [
    ("0", "0"), ("-0.5e+10", "-0.5e+10"),
    ("123456789012345678901234567890", "123456789012345678901234567890"),
    ("1E5", "1E5"), (" true ", "true"), ("null", "null"), ("\"\"", "\"\""),
    (#""\u00e9\n\/\\""#, #""\u00e9\n\/\\""#), ("\"é\"", "\"é\""), ("[]", "[]"), ("{ }", "{}"),
    ("[ 1 , [ 2 ] , { } ]", "[1,[2],{}]"),
    ("{\"a\" : { \"b\" :\t[false,\r\n null] } , \"c\":1}", "{\"a\":{\"b\":[false,null]},\"c\":1}"),
    (#"{"a":1,"a":2}"#, #"{"a":1,"a":2}"#), (#""\ud83d\uDE00""#, #""\ud83d\uDE00""#),
    (
      String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000),
      String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)
    ),
  ]

  static let invalid = [
    " ", "message", "tru", "truee", "nul", "01", "1.", ".5", "-", "+1", "1e", "1e+", "0x10", "NaN",
    "\"", "\"a", #""\x""#, #""\u12g4""#, #""\u123"#, #""\ud800""#, #""\udc00""#, #""\ud800\n""#,
    #""\ud800\u0041""#, "\"\t\"", "'a'", "[", "]", "[1", "[1,", "[1,]",
    "[,1]", "[1 2]", "[1}", "{", "}", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}",
    "{1:2}", "{\"a\" 1}", "{\"a\":1]", "{,}", "1 2", "[] []", "{}x", "\u{feff}1", "// a\n1",
    String(repeating: "[", count: 1001) + String(repeating: "]", count: 1001),
    String(repeating: "[", count: 100_000),
  ]

  @Test(arguments: valid) func `goes in without white space`(_ payload: String, _ json: String)
    throws
  {
    let shown = try Sample(payload).shown(as: "%J")
    #expect(shown.problem == nil)
    #expect(String(decoding: shown.bytes, as: UTF8.self).hasSuffix(",\"payload\":\(json)}"))
    if payload.utf8.count < 500 {
      _ = try JSONSerialization.jsonObject(with: Data(shown.bytes))
    }
  }

  @Test(arguments: invalid) func `is told to be none, and nothing is printed`(_ payload: String)
    throws
  {
    let shown = try Sample(payload).shown(as: "%J")
    #expect(shown.problem == .notJSON)
    #expect(shown.bytes.isEmpty)
  }

  @Test func `bytes that are no text are no JSON`() throws {
    for payload: [UInt8] in [[0x22, 0xff, 0x22], [0], [0x31, 0], [0x22, 0xed, 0xa0, 0x80, 0x22]] {
      #expect(try Sample { $0.payload = payload }.shown(as: "%J").problem == .notJSON)
    }
  }

  @Test func `what is around a payload that is none stays`() throws {
    #expect(try Sample("x").text(as: "<%t:%J>") == "<home/lamp:>")
  }

  /// A second opinion on every text: Foundation's parser, which differs in one thing, a comma at the
  /// end of an array.
  @Test func `random texts are judged as Foundation judges them`() throws {
    var random = Generator(seed: 3)
    let tokens = ["{", "}", "[", "]", ",", ":", "\"a\"", "1", "-2.5e3", "true", "null", " ", "\n"]
    var valid = 0
    for _ in 0..<10_000 {
      let words = (0..<Int.random(in: 1...9, using: &random)).map { _ in
        tokens.randomElement(using: &random) ?? ""
      }
      let text = words.joined()
      if text.filter({ !$0.isWhitespace }).contains(",]") { continue }
      let judged =
        (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed))
        != nil
      #expect((try Sample(text).shown(as: "%J").problem == nil) == judged, "\(text)")
      if judged { valid += 1 }
    }
    #expect(valid > 300)
  }
}
