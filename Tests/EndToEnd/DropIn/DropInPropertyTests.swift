import TestSupport
import Testing

/// `-D COMMAND NAME VALUE`: what is refused.
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
}
