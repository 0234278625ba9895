import MQTTProtocol

/// CONNECT, MQTT 5 §3.1, MQTT 3.1.1 §3.1.
enum ConnectRows {
  static let valid: [ValidRow] =
    everyFlag + [
      ValidRow(
        "CONNECT, session expiry and keep-alive", .v5,
        frame(0x10, name(.v5), [5, 0, 0xff, 0xff], block([0x11, 0, 0, 0, 10]), field("client")),
        .connect(
          Connect(
            version: .v5, clientID: "client", cleanStart: false, keepAlive: 65535,
            properties: Properties([Property(.sessionExpiryInterval, 10)!])))),
      ValidRow(
        "CONNECT, byte order mark in the client identifier [MQTT-1.5.4-3] (#53)", .v5,
        frame(0x10, name(.v5), [5, 2, 0, 0], block(), field([0xef, 0xbb, 0xbf, 0x61])),
        .connect(Connect(version: .v5, clientID: "\u{feff}a", keepAlive: 0))),
      ValidRow(
        "CONNECT, will delay in the will, maximum packet size outside", .v5,
        frame(
          0x10, name(.v5), [5, 6, 0, 60], block([0x27, 0, 1, 0, 0]), field("c"),
          block([0x18, 0, 0, 0, 5]), field("w"), field("gone")),
        .connect(
          Connect(
            version: .v5, clientID: "c",
            will: Will(
              topic: "w", payload: [0x67, 0x6f, 0x6e, 0x65],
              properties: Properties([Property(.willDelayInterval, 5)!])),
            properties: Properties([Property(.maximumPacketSize, 65536)!])))),
    ]

  static let malformed: [MalformedRow] = wrongFlags + wrongNames + wrongFields + cuts

  private static func name(_ version: ProtocolVersion) -> [UInt8] {
    field(version == .v31 ? "MQIsdp" : "MQTT")
  }

  private static func properties(_ version: ProtocolVersion) -> [UInt8] {
    version == .v5 ? block() : []
  }

  /// Flags §3.1.2.3 allows: reserved 0 [MQTT-3.1.2-3], will bits only with a will [-11, -13], will
  /// QoS below 3 [-12], and below MQTT 5 no password without a user name (3.1.1 [MQTT-3.1.2-22]).
  private static func isAllowed(_ flags: UInt8, _ version: ProtocolVersion) -> Bool {
    if flags & 0b0000_0001 != 0 || flags & 0b0001_1000 == 0b0001_1000 { return false }
    if flags & 0b0000_0100 == 0 && flags & 0b0011_1000 != 0 { return false }
    return version == .v5 || flags & 0b1100_0000 != 0b0100_0000
  }

  /// A body with exactly the fields the flags call for.
  private static func body(_ flags: UInt8, _ version: ProtocolVersion) -> [UInt8] {
    name(version) + [version.rawValue, flags, 0, 30] + properties(version) + field("id")
      + (flags & 4 == 0 ? [] : properties(version) + field("will") + field([0xff, 0x00]))
      + (flags & 0x80 == 0 ? [] : field("user")) + (flags & 0x40 == 0 ? [] : field([0x00, 0xc0]))
  }

  private static let everyFlag = ProtocolVersion.allCases.flatMap { version in
    (UInt8.min...UInt8.max).filter { isAllowed($0, version) }.map { flags in
      ValidRow(
        "CONNECT, flags \(hex(flags)) (#32) (#33) (#34)", version,
        frame(0x10, body(flags, version)),
        .connect(
          Connect(
            version: version, clientID: "id", cleanStart: flags & 2 != 0, keepAlive: 30,
            will: flags & 4 == 0
              ? nil
              : Will(
                topic: "will", payload: [0xff, 0x00], qos: QoS(rawValue: flags >> 3 & 3)!,
                retain: flags & 0x20 != 0),
            userName: flags & 0x80 == 0 ? nil : "user",
            password: flags & 0x40 == 0 ? nil : [0x00, 0xc0])))
    }
  }

  static let wrongFlags = ProtocolVersion.allCases.flatMap { version in
    (UInt8.min...UInt8.max).filter { !isAllowed($0, version) }.map { flags in
      MalformedRow(
        "CONNECT, flags \(hex(flags)) [MQTT-3.1.2-3] (#31) (#35) (#36) (#40)", version,
        frame(0x10, body(flags, version)), .connectFlags(flags), 0x81)
    }
  }

  private static let wrongNames: [MalformedRow] = [
    MalformedRow(
      "CONNECT, name MQTT at level 3 (#39)", .v31,
      frame(0x10, field("MQTT"), [3, 2, 0, 60], field("c")), .protocolName, 0x84),
    MalformedRow(
      "CONNECT, name MQIsdp at level 4 (#39)", .v311,
      frame(0x10, field("MQIsdp"), [4, 2, 0, 60], field("c")), .protocolName, 0x84),
    MalformedRow(
      "CONNECT, name mqtt in small letters [MQTT-3.1.2-1] (#39)", .v5,
      frame(0x10, field("mqtt"), [5, 2, 0, 60], block(), field("c")), .protocolName, 0x84),
    MalformedRow(
      "CONNECT, empty name [MQTT-3.1.2-1] (#39)", .v5,
      frame(0x10, field(""), [5, 2, 0, 60], block(), field("c")), .protocolName, 0x84),
    MalformedRow(
      "CONNECT, name not UTF-8 (#51)", .v5,
      frame(0x10, field([0x4d, 0xff]), [5, 2, 0, 60], block(), field("c")), .string(.illFormed),
      0x81),
    MalformedRow(
      "CONNECT, level 0 [MQTT-3.1.2-2] (#39)", .v5,
      frame(0x10, field("MQTT"), [0, 2, 0, 60], block(), field("c")), .protocolLevel(0), 0x84),
    MalformedRow(
      "CONNECT, level 6 [MQTT-3.1.2-2] (#39)", .v5,
      frame(0x10, field("MQTT"), [6, 2, 0, 60], block(), field("c")), .protocolLevel(6), 0x84),
    MalformedRow(
      "CONNECT, level 132, a bridge's (#39)", .v311,
      frame(0x10, field("MQTT"), [132, 2, 0, 60], field("c")), .protocolLevel(132), 0x84),
  ]

  private static let wrongFields = ProtocolVersion.allCases.flatMap { version -> [MalformedRow] in
    let none = properties(version)
    func start(_ flags: UInt8) -> [UInt8] {
      name(version) + [version.rawValue, flags, 0, 60] + none
    }
    return [
      MalformedRow(
        "CONNECT, a null in the client identifier [MQTT-1.5.4-2] (#52)", version,
        frame(0x10, start(2), field([0x61, 0])), .string(.nullCharacter), 0x81),
      MalformedRow(
        "CONNECT, a client identifier that is not UTF-8 [MQTT-3.1.3-4] (#37) (#51)", version,
        frame(0x10, start(2), field([0xc3])), .string(.illFormed), 0x81),
      MalformedRow(
        "CONNECT, a surrogate in the will topic [MQTT-3.1.3-11] (#37) (#51)", version,
        frame(0x10, start(6), field("c"), none, field([0xed, 0xa0, 0x80]), field("p")),
        .string(.illFormed), 0x81),
      MalformedRow(
        "CONNECT, an empty will topic [MQTT-4.7.3-1] (#7) (#34)", version,
        frame(0x10, start(6), field("c"), none, field(""), field("p")), .emptyTopic, 0x82),
      MalformedRow(
        "CONNECT, + in the will topic [MQTT-4.7.0-1] (#8)", version,
        frame(0x10, start(6), field("c"), none, field("a/+"), field("p")), .wildcardInTopic, 0x90),
      MalformedRow(
        "CONNECT, # in the will topic [MQTT-4.7.0-1] (#8)", version,
        frame(0x10, start(6), field("c"), none, field("#"), field("p")), .wildcardInTopic, 0x90),
      MalformedRow(
        "CONNECT, a user name that is not UTF-8 [MQTT-3.1.3-12] (#37) (#51)", version,
        frame(0x10, start(0x82), field("c"), field([0xf5, 0x80, 0x80, 0x80])), .string(.illFormed),
        0x81),
      MalformedRow(
        "CONNECT, a byte after the last field (#58)", version,
        frame(0x10, start(2), field("c"), [0]), .trailingBytes(1), 0x81),
      MalformedRow(
        "CONNECT, a password that no flag announces [MQTT-3.1.2-18] (#33)", version,
        frame(0x10, start(2), field("c"), field("p")), .trailingBytes(3), 0x81),
    ]
  }

  private static let cuts = ProtocolVersion.allCases.flatMap { version in
    MalformedRow.cuts("CONNECT with all fields", version, 0x10, body(0xf6, version))
  }
}
