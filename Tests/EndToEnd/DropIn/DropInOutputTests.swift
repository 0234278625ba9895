import TestSupport
import Testing

/// What `sub` writes for a message: plain, with `-v`, and with every specifier of `-F`.
@Suite("Drop-in: output") struct DropInOutputTests {
  /// SUBACK and one message at QoS 0: topic, properties of MQTT 5 or nil, payload.
  private static func arrival(_ topic: String, _ properties: String?, _ payload: String) -> String {
    let topicText = hex(topic.utf8.count, 2) + topic.utf8.map { hex(Int($0), 1) }.joined()
    let propertyText = properties.map { text in
      let digits = text.filter { $0 != " " }
      return hex(digits.count / 2, 1) + digits
    }
    let body = topicText + (propertyText ?? "") + payload.filter { $0 != " " }
    let subAck = properties == nil ? "90 03 0001 00" : "90 04 0001 00 00"
    return subAck + "30" + hex(body.count / 2, 1) + body
  }

  private static func hex(_ number: Int, _ bytes: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: bytes * 2 - digits.count) + digits
  }

  private func check(
    _ words: String, _ properties: String? = nil, payload: String = "6d657373616765",
    says output: String, errors: String = ""
  ) throws {
    let version = properties == nil ? "311" : Self.version5
    let conversation = try Conversation(
      ToolLine("sub -t # -C 1 -V \(version) \(words)"),
      answers: [.subscribe: Self.arrival("the/topic", properties, payload)])
    #expect(
      conversation.result
        == ToolResult(ending: .exited(0), output: Array(output.utf8), errors: errors))
  }

  static let plain: [(words: String, payload: String, output: String)] = [
    ("", "6d657373616765", "message\n"),
    ("-v", "6d657373616765", "the/topic message\n"),
    ("--verbose", "6d657373616765", "the/topic message\n"),
    ("-N", "6d657373616765", "message"),
    ("-v -N", "6d657373616765", "the/topic message"),
    // An empty payload.
    ("", "", ""), ("-v", "", "the/topic (null)\n"), ("-N", "", ""), ("-v -N", "", ""),
    // Control characters are as they came, since nobody looks.
    ("", "611b5b0a62", "a\u{1b}[\nb\n"),
    // -F beats -v.
    ("-v -F %p", "61", "a\n"), ("-F %p -N", "61", "a"),
  ]

  @Test("plain", arguments: plain.indices)
  func plainText(_ index: Int) throws {
    let row = Self.plain[index]
    try check(row.words, payload: row.payload, says: row.output)
  }

  static let formats: [(format: String, output: String)] = [
    ("%%", "%"), ("%l", "7"), ("%02l", "07"), ("%2l", " 7"), ("%-2l", "7 "), ("%m", "0"),
    ("%03m", "000"), ("%p", "message"), ("%q", "0"), ("%r", "0"), ("%t", "the/topic"),
    ("%20t", "           the/topic"), ("%-20t", "the/topic           "), ("%4.4t", "the/"),
    ("%10.4t", "      the/"), ("%-10.4t", "the/      "), ("%12p", "     message"),
    ("%-12p", "message     "), ("%x", "6d657373616765"), ("%X", "6D657373616765"),
    ("%.1x", "6 d 6 5 7 3 7 3 6 1 6 7 6 5"), ("%.2x", "6d 65 73 73 61 67 65"),
    ("%.4x", "6d65 7373 6167 65"), ("%.2:x", "6d:65:73:73:61:67:65"),
    ("%.2-X", "6D-65-73-73-61-67-65"), ("%.2_x", "6d_65_73_73_61_67_65"),
    ("%18x", "    6d657373616765"), ("%-18x", "6d657373616765    "),
    ("%018x", "00006d657373616765"),
    // Oddities of 2.1: a width cuts the payload too, and `%-p` pads by its length.
    ("%3p", "mes"), ("%3x", "6d6573"), ("%-p", "message       "),
    // What MQTT 5 would have.
    ("%A%C%D%E%F%P%R%S", ""), ("[%5C]", "[     ]"), ("[%05E]", "[00000]"), ("[%5R]", "[]"),
    ("\\\\", "\\"), ("\\a\\n\\r\\t\\v\\e", "\u{7}\n\r\t\u{b}\u{1b}"), ("@@", "@"),
    ("a%pb", "amessageb"),
  ]

  @Test("-F", arguments: formats.indices)
  func format(_ index: Int) throws {
    let row = Self.formats[index]
    try check("-F '\(row.format)'", says: row.output + "\n")
  }

  private static let version5 = "5 -D subscribe subscription-identifier 5"

  static let all = """
    01 01 02 00000064 03 0004 74657874 08 0002 7265 09 0003 616263 0b 05 \
    26 0001 6b 0001 76 26 0002 6b32 0002 7632
    """

  static let formats5: [(format: String, output: String)] = [
    ("%C", "text"), ("%8C", "    text"), ("%-8C|", "text    |"), ("%.2C", "te"), ("%D", "abc"),
    ("%E", "100"), ("%05E", "00100"), ("%F", "1"), ("%3F", "  1"), ("%P", "k:v k2:v2"),
    ("%R", "re"), ("%5R", "   re"), ("%.1R", "r"), ("%S", "5"), ("%03S", "005"),
  ]

  @Test("-F in MQTT 5", arguments: formats5.indices)
  func format5(_ index: Int) throws {
    let row = Self.formats5[index]
    try check("-F '\(row.format)'", Self.all, says: row.output + "\n")
  }

  @Test("%d and %f: 8 and 4 bytes as numbers") func numbers() throws {
    try check("-F %d", payload: "000000000000f83f", says: "1.500000\n")
    try check("-F %.3d", payload: "000000000000f83f", says: "1.500\n")
    try check("-F %8.1d", payload: "000000000000f83f", says: "     1.5\n")
    try check("-F %f", payload: "0000c03f", says: "1.500000\n")
    try check("-F %.3f", payload: "0000c03f", says: "1.500\n")
  }

  @Test("%J of what is no JSON") func notJSON() throws {
    try check(
      "-F %J", says: "\n",
      errors: "Error: Message payload is not valid JSON on topic the/topic.\n")
  }

  static let json: [(words: String, properties: String?, payload: String, tail: String)] = [
    (
      "-F %j", nil, "6869",
      #""topic":"the/topic","qos":0,"retain":false,"payloadlen":2,"payload":"hi"}"#
    ),
    (
      "-F %j", nil, "",
      #""topic":"the/topic","qos":0,"retain":false,"payloadlen":0,"payload":null}"#
    ),
    (
      "-F %J", nil, "5b312c7b7d5d",
      #""topic":"the/topic","qos":0,"retain":false,"payloadlen":6,"payload":[1,{}]}"#
    ),
    (
      "-F %j", all, "6869",
      #""topic":"the/topic","qos":0,"retain":false,"payloadlen":2,"properties":"#
        + #"{"payload-format-indicator":1,"message-expiry-interval":100,"content-type":"text","#
        + #""response-topic":"re","correlation-data":"abc","subscription-identifier":5,"#
        + #""user-properties":[{"k":"v"},{"k2":"v2"}]},"payload":"hi"}"#
    ),
  ]

  @Test("%j and %J", arguments: json.indices)
  func jsonText(_ index: Int) throws {
    let row = Self.json[index]
    let version = row.properties == nil ? "311" : Self.version5
    let result = try Conversation(
      ToolLine("sub -t # -C 1 -V \(version) \(row.words)"),
      answers: [.subscribe: Self.arrival("the/topic", row.properties, row.payload)]
    ).result
    #expect(result.ending == .exited(0))
    let time = /\{"tst":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d{4}",/
    #expect(result.text.replacing(time, with: "") == row.tail + "\n")
    #expect(result.text.hasPrefix("{\"tst\":"))
  }

  @Test(
    "times",
    arguments: [
      ("%I", "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[+-]\\d{4}\n$"),
      ("%U", "^\\d{10}\\.\\d{9}\n$"), ("@Y-@m-@d", "^\\d{4}-\\d\\d-\\d\\d\n$"),
      ("@H:@M:@S.@N", "^\\d\\d:\\d\\d:\\d\\d\\.\\d{9}\n$"),
    ])
  func times(_ format: String, _ pattern: String) throws {
    let result = try Conversation(
      ToolLine("sub -t # -C 1 -F \(format)"),
      answers: [.subscribe: Self.arrival("a", nil, "61")]
    ).result
    #expect(try Regex(pattern).firstMatch(in: result.text) != nil, "\(result.text)")
  }
}
