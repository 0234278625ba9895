import Foundation
import Rendering
import Testing

@Suite("A JSON text as a tree") struct JSONValueTests {
  static let values: [(String, JSONValue)] = [
    ("null", .null), (" true ", .bool(true)), ("false", .bool(false)), ("-0", .integer(0)),
    ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
    ("9223372036854775808", .real(9_223_372_036_854_775_808)), ("1.0", .real(1)),
    ("-1.5e-3", .real(-0.0015)), ("1E2", .real(100)), ("1e-400", .real(0)), ("\"\"", .string("")),
    (#""a\n\u00e9\ud83d\ude00\/""#, .string("a\n\u{e9}\u{1f600}/")), ("[]", .array([])),
    ("{}", .object([])), ("[1, [\"x\"]]", .array([.integer(1), .array([.string("x")])])),
    (
      "{\"a\": 1, \"b\": {\"a\": null}, \"a\": 2}",
      .object([
        .init("a", .integer(1)), .init("b", .object([.init("a", .null)])), .init("a", .integer(2)),
      ])
    ),
  ]

  @Test(arguments: values) func `is read`(_ text: String, _ value: JSONValue) throws {
    #expect(try JSONValue(Array(text.utf8)) == value)
  }

  @Test(arguments: values) func `is written so that it is read back`(
    _ text: String, _ value: JSONValue
  ) throws {
    for levels in 0...2 {
      let written = value.text(levels: levels)
      #expect(try JSONValue(Array(written.utf8)) == value)
      _ = try JSONSerialization.jsonObject(with: Data(written.utf8), options: .fragmentsAllowed)
    }
  }

  @Test(arguments: JSONPayloadTests.invalid + ["", "1e400", "-1e999"])
  func `what is none is refused`(_ text: String) {
    #expect(throws: JSONFault.self) { try JSONValue(Array(text.utf8)) }
  }

  @Test func `depth is bounded`() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    _ = try JSONValue(nested(100))
    let fault = #expect(throws: JSONFault.self) { try JSONValue(nested(102)) }
    #expect(fault?.description == "JSON in more than 100 levels")
    #expect(throws: JSONFault.self) {
      try JSONValue(Array(String(repeating: "{\"a\":", count: 1_000_000).utf8))
    }
  }

  @Test func `members stand in lines, deeper ones in one`() throws {
    let text = #"{"a":1,"b":{"c":[1,2],"d":{}},"e":[{"f":1},{"f":2}]}"#
    #expect(
      try JSONValue(Array(text.utf8)).text(levels: 2) == """
        {
          "a": 1,
          "b": {
            "c": [1, 2],
            "d": {}
          },
          "e": [
            {"f": 1},
            {"f": 2}
          ]
        }

        """)
  }

  @Test func `a member is found by its name`() throws {
    let value = try JSONValue(Array(#"{"a":1,"b":"x"}"#.utf8))
    #expect(value["b"] == .string("x"))
    #expect(value["c"] == nil)
    #expect(JSONValue.null["a"] == nil)
  }
}
