import MQTTProtocol

/// AUTH, MQTT 5 §3.15 and §4.12; below MQTT 5 there is none.
enum AuthRows {
  private static let method: [UInt8] = [0x15, 0, 5, 0x53, 0x43, 0x52, 0x41, 0x4d]
  private static let data: [UInt8] = [0x16, 0, 2, 0x00, 0xff]

  static let valid: [ValidRow] = [
    ValidRow("AUTH, empty, which is success (§3.15.2.1)", .v5, [0xf0, 0], .auth(Auth(.success))),
    ValidRow(
      "AUTH, a step with data", .v5, frame(0xf0, [0x18], block(method, data)),
      .auth(
        Auth(
          .continueAuthentication,
          Properties([
            Property(.authenticationMethod, "SCRAM")!,
            Property(.authenticationData, [0x00, 0xff])!,
          ])))),
    ValidRow(
      "AUTH, re-authenticate", .v5, frame(0xf0, [0x19], block(method)),
      .auth(Auth(.reAuthenticate, Properties([Property(.authenticationMethod, "SCRAM")!])))),
  ]

  static let malformed: [MalformedRow] =
    [
      MalformedRow(
        "AUTH without a method (§3.15.2.2.2) (#101)", .v5, frame(0xf0, [0x18], block()),
        .missingProperty(.authenticationMethod, .auth), 0x82),
      MalformedRow(
        "AUTH, data without a method (§3.15.2.2.2) (#45)", .v5, frame(0xf0, [0x18], block(data)),
        .missingProperty(.authenticationMethod, .auth), 0x82),
      MalformedRow(
        "CONNECT, data without a method (§3.1.2.11.10) (#45)", .v5,
        frame(0x10, field("MQTT"), [5, 2, 0, 60], block(data), field("c")),
        .missingProperty(.authenticationMethod, .connect), 0x82),
      MalformedRow(
        "AUTH, a byte behind the properties (#58)", .v5, frame(0xf0, [0x18], block(method), [0]),
        .trailingBytes(1), 0x81),
    ]
    // Cut to nothing it is a success: only the other lengths are wrong.
    + MalformedRow.cuts("AUTH", .v5, 0xf0, [0x18] + block(method, data)).dropFirst()
}
