import TestSupport
import Testing

/// `-D COMMAND NAME VALUE`: what is refused, and what each property looks like on the wire.
@Suite("Drop-in: properties") struct DropInPropertyTests {
  static let refused: [ComplaintRow] =
    [
      .init("pub -D connect", "--property argument given but not enough arguments specified."),
      .init("pub -D", "--property argument given but not enough arguments specified."),
      .init(
        "sub -D connect topic-alias-maximum",
        "--property argument given but not enough arguments specified."),
      .init(
        "pub -D publish user-property a",
        "--property argument given but not enough arguments specified."),
      .init(
        "pub -D pingreq user-property a b", "Invalid command pingreq given in --property argument."),
      .init(
        "pub -D suback user-property a b", "Invalid command suback given in --property argument."),
      .init(
        "pub -D publish colour red", "Invalid property name colour given in --property argument."),
      .init(
        "sub -D connect user-properties a b",
        "Invalid property name user-properties given in --property argument."),
      .init(
        "pub -D connect will-delay-interval 1",
        "will-delay-interval property not allowed for connect in --property argument."),
      .init(
        "sub -D subscribe topic-alias 1",
        "topic-alias property not allowed for subscribe in --property argument."),
      .init(
        "pub -D disconnect topic-alias 1",
        "topic-alias property not allowed for disconnect in --property argument."),
      .init(
        "pub -D will topic-alias 1",
        "topic-alias property not allowed for will in --property argument."),
      .init(
        "sub -D unsubscribe subscription-identifier 1",
        "subscription-identifier property not allowed for unsubscribe in --property argument."),
      .init(
        "pub -D publish subscription-identifier 1",
        "subscription-identifier property not supported for publish in --property argument."),
      .init(
        "pub -D auth authentication-method x",
        "authentication-method property not supported for auth in --property argument."),
      .init(
        "pub -D auth user-property a b",
        "user-property property not supported for auth in --property argument."),
    ]
    + ["puback", "pubrec", "pubrel", "pubcomp"].map {
      .init(
        ToolLine("pub -D \($0) reason-string x"),
        "reason-string property not supported for \($0) in --property argument.")
    }
    + [
      ("publish payload-format-indicator", "256"), ("publish payload-format-indicator", "-1"),
      ("connect request-problem-information", "256"),
      ("connect request-response-information", "256"),
      ("publish topic-alias", "65536"), ("publish topic-alias", "-1"),
      ("connect receive-maximum", "65536"), ("connect topic-alias-maximum", "65536"),
      ("publish message-expiry-interval", "-1"), ("publish message-expiry-interval", "4294967296"),
      ("connect maximum-packet-size", "4294967296"),
      ("connect session-expiry-interval", "4294967296"),
      ("disconnect session-expiry-interval", "-1"), ("will will-delay-interval", "4294967296"),
      ("subscribe subscription-identifier", "268435456"),
    ].map { property, value in
      .init(
        ToolLine("\(property.hasPrefix("subscribe") ? "sub" : "pub") -D \(property) \(value)"),
        "Property value (\(value)) out of range for property \(property.split(separator: " ")[1]).")
    }

  @Test("a property that is refused", arguments: refused)
  func refusal(_ row: ComplaintRow) throws { try row.check() }

  @Test(
    "once only",
    arguments: ["publish content-type a", "connect receive-maximum 3", "will content-type x"])
  func duplicate(_ property: String) throws {
    let packet =
      property.hasPrefix("will") ? "Will" : property.split(separator: " ")[0].uppercased()
    let result = try ToolLine("pub -t a -m b --will-topic w -D \(property) -D \(property)").run()
    #expect(result.ending == .exited(1))
    #expect(
      result.errors == "Error in \(packet) properties: Duplicate property in property list\n\n"
        + "Use 'mosquitto_pub --help' to see usage.\n")
  }

  @Test(
    "zero where the specification forbids it",
    arguments: [
      "connect receive-maximum 0", "connect maximum-packet-size 0", "publish topic-alias 0",
      "connect request-problem-information 2",
    ])
  func zero(_ property: String) throws {
    let packet = property.split(separator: " ")[0].uppercased()
    let result = try ToolLine("pub -t a -m b -D \(property)").run()
    #expect(result.ending == .exited(1))
    #expect(
      result.errors == "Error in \(packet) properties: A network protocol error occurred when "
        + "communicating with the broker.\n\nUse 'mosquitto_pub --help' to see usage.\n")
  }

  /// CONNECT, from its properties' length on, for an empty client identifier.
  private static func connect(_ properties: String, _ words: String) -> WireRow {
    let size = properties.filter { $0 != " " }.count / 2
    return WireRow(
      ToolLine("pub -t a -m b \(words)"),
      "10 \(hex(13 + size)) 0004 4d515454 05 02 003c \(hex(size)) \(properties) 0000",
      "30 05 0001 61 00 62", "e0 00")
  }

  private static func publish(_ properties: String, _ words: String) -> WireRow {
    let size = properties.filter { $0 != " " }.count / 2
    return WireRow(
      ToolLine("pub -t a -m b \(words)"), "10 10 0004 4d515454 05 02 003c 03 210014 0000",
      "30 \(hex(5 + size)) 0001 61 \(hex(size)) \(properties) 62", "e0 00")
  }

  private static func will(_ properties: String, _ words: String) -> WireRow {
    let size = properties.filter { $0 != " " }.count / 2
    return WireRow(
      ToolLine("pub -t a -m b --will-topic w --will-payload p \(words)"),
      "10 \(hex(23 + size)) 0004 4d515454 05 06 003c 03 210014 0000 \(hex(size)) \(properties) "
        + "0001 77 0001 70",
      "30 05 0001 61 00 62", "e0 00")
  }

  private static func disconnect(_ properties: String, _ words: String) -> WireRow {
    let size = properties.filter { $0 != " " }.count / 2
    return WireRow(
      ToolLine("pub -t a -m b \(words)"), "10 10 0004 4d515454 05 02 003c 03 210014 0000",
      "30 05 0001 61 00 62", "e0 \(hex(2 + size)) 00 \(hex(size)) \(properties)")
  }

  private static func subscribe(_ properties: String, _ words: String) -> WireRow {
    let size = properties.filter { $0 != " " }.count / 2
    return WireRow(
      ToolLine("sub -t a -E \(words)"), "10 10 0004 4d515454 05 02 003c 03 210014 0000",
      "82 \(hex(7 + size)) 0001 \(hex(size)) \(properties) 0001 61 00", "e0 00")
  }

  private static func hex(_ count: Int) -> String {
    (count < 16 ? "0" : "") + String(count, radix: 16)
  }

  static let sent: [WireRow] = [
    connect("27 00000064 210014", "-D connect maximum-packet-size 100"),
    connect("21 0005", "-D connect receive-maximum 5"),
    connect("17 00 210014", "-D connect request-problem-information 0"),
    connect("19 01 210014", "-D connect request-response-information 1"),
    connect("11 00000005 210014", "-D connect session-expiry-interval 5"),
    connect("11 00000005 210014", "-D CONNECT Session-Expiry-Interval 5"),
    connect("22 000a 210014", "-D connect topic-alias-maximum 10"),
    connect("26 0001 61 0001 62 210014", "-D connect user-property a b"),
    connect(
      "26 0001 61 0001 62 26 0001 61 0001 63 210014",
      "-D connect user-property a b --property connect user-property a c"),
    connect(
      "21 0005 11 00000003", "-D connect receive-maximum 5 -D connect session-expiry-interval 3"),
    // A number is what atoi makes of it.
    connect("11 00000000 210014", "-D connect session-expiry-interval 0x10"),
    publish("03 0001 78", "-D publish content-type x"),
    publish("09 0001 78", "-D publish correlation-data x"),
    publish("09 0001 ff", "-D publish correlation-data <ff>"),
    publish("02 00000005", "-D publish message-expiry-interval 5"),
    publish("01 01", "-D publish payload-format-indicator 1"),
    publish("01 00", "-D publish payload-format-indicator 0"),
    publish("08 0001 78", "-D publish response-topic x"),
    publish("26 0001 61 0001 62", "-D publish user-property a b"),
    publish("26 0000 0000", "-D publish user-property '' ''"),
    publish(
      "26 0001 62 0001 63 03 0001 78 26 0001 61 0001 64",
      "-D publish user-property b c -D publish content-type x -D publish user-property a d"),
    will("03 0001 78", "-D will content-type x"),
    will("09 0001 78", "-D will correlation-data x"),
    will("02 00000005", "-D will message-expiry-interval 5"),
    will("01 01", "-D will payload-format-indicator 1"),
    will("08 0001 78", "-D will response-topic x"),
    will("18 00000005", "-D will will-delay-interval 5"),
    will("26 0001 61 0001 62", "-D will user-property a b"),
    disconnect("26 0001 61 0001 62", "-D disconnect user-property a b"),
    disconnect("1f 0003 627965", "-D disconnect reason-string bye"),
    subscribe("0b 05", "-D subscribe subscription-identifier 5"),
    subscribe("0b ff ff ff 7f", "-D subscribe subscription-identifier 268435455"),
    subscribe("26 0001 61 0001 62", "-D subscribe user-property a b"),
    // For a packet that is not sent.
    subscribe("", "-D unsubscribe user-property a b"),
    publish("", "-D subscribe user-property a b"),
    publish("", "-D will content-type x"),
    WireRow(
      "sub -t a -U b -U c -W 1 -E -D unsubscribe user-property a b",
      "10 10 0004 4d515454 05 02 003c 03 210014 0000", "82 07 0001 00 0001 61 00",
      "a2 0d 0002 07 26 0001 61 0001 62 0001 62", "a2 0d 0003 07 26 0001 61 0001 62 0001 63",
      "e0 00"),
    // Properties of other packets than CONNECT are forgotten below MQTT 5.
    WireRow(
      "pub -t a -m b -D publish content-type x -V 311", "10 0c 0004 4d515454 04 02 003c 0000",
      "30 04 0001 61 62", "e0 00"),
    // The broker says how many aliases it takes.
    WireRow(
      "pub -t a -m b -D publish topic-alias 1 --repeat 3",
      answers: [.connect: "20 06 00 00 03 22 000a"],
      "10 10 0004 4d515454 05 02 003c 03 210014 0000", "30 08 0001 61 03 230001 62",
      "30 07 0000 03 230001 62", "30 07 0000 03 230001 62", "e0 00"),
    WireRow(
      "pub -t a -m b -D connect authentication-method m -D connect authentication-data x",
      answers: [.connect: "20 07 00 00 04 15 0001 6d"],
      "10 18 0004 4d515454 05 02 003c 0b 15 0001 6d 16 0001 78 210014 0000", "30 05 0001 61 00 62",
      "e0 00"),
    WireRow(
      "pub -t a -m b -x 9 -D disconnect session-expiry-interval 5",
      "10 15 0004 4d515454 05 02 003c 08 1100000009 210014 0000", "30 05 0001 61 00 62",
      "e0 07 00 05 1100000005"),
  ]

  @Test("a property on the wire", arguments: sent)
  func wire(_ row: WireRow) throws { try row.check() }
}
