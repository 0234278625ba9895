import MQTTProtocol
import OptionTable

extension Option {
  /// How the session with the broker is.
  static var sessionOptions: [Option] {
    [
      Option(
        short: "V", long: "protocol-version",
        value: .oneOf("VERSION", ["5", "311", "31", "mqttv5", "mqttv311", "mqttv31"]),
        group: .session, commands: .all,
        summary: "Version of MQTT: 5, 311 or 31 (default 311; apus rr: 5)."
      ) { (word, settings) throws(OptionError) in
        switch word.text {
        case "5", "mqttv5": settings.connection.version = .v5
        case "311", "mqttv311": settings.connection.version = .v311
        case "31", "mqttv31": settings.connection.version = .v31
        default: throw OptionError("'\(word.shown)' is not 5, 311 or 31")
        }
      },
      Option(
        short: "q", long: "qos", value: .oneOf("LEVEL", ["0", "1", "2"]), group: .session,
        commands: .all, summary: "Quality of service, 0 to 2 (default 0).",
        details: "At 0 a message may be lost, at 1 it may arrive twice, at 2 it arrives once."
      ) { (word, settings) throws(OptionError) in settings.qos = try word.qos() },
      Option(
        short: "i", long: "id", value: .text("ID"), group: .session, commands: .all,
        summary:
          "Client identifier (default: the broker assigns one; bench: apus-bench-, letters, number)."
      ) { (word, settings) throws(OptionError) in
        if word.bytes.isEmpty { throw OptionError("the client identifier is empty") }
        settings.connection.clientID = try word.mqttString()
      },
      Option(
        short: "I", long: "id-prefix", value: .text("PREFIX"), group: .session,
        commands: .all, summary: "Make the client identifier of PREFIX and the process id.",
        details: "bench puts - and the client's number behind them."
      ) { (word, settings) throws(OptionError) in
        settings.connection.clientIDPrefix = try word.mqttString()
      },
      Option(
        short: "c", long: "disable-clean-session", group: .session, commands: .all,
        summary: "Keep the session: the broker holds subscriptions and messages while we are away.",
        details: "Needs {id}.  In MQTT 5 the session never expires unless {session-expiry} says so."
      ) { settings in settings.connection.cleanStart = false },
      Option(
        short: "x", long: "session-expiry", value: .number("SECONDS"), group: .session,
        commands: .all,
        summary: "Seconds the broker keeps the session after the connection; -1 for ever.",
        details: "Selects MQTT 5."
      ) { (word, settings) throws(OptionError) in
        settings.connection.sessionExpiry = try expiry(word)
        settings.connection.version = .v5
      },
      Option(
        short: "k", long: "keepalive", value: .number("SECONDS"), group: .session,
        commands: .all,
        summary: "Seconds of silence after which to ask whether the broker is there (default 60).",
        details: "0 switches it off."
      ) { (word, settings) throws(OptionError) in
        settings.connection.keepAlive = try word.integer(in: 0...UInt16.max)
      },
      Option(
        short: "M", long: "max-inflight", value: .number("N"), group: .session,
        commands: .all,
        summary: "Most unacknowledged messages on the wire (default 1000).",
        details: "The broker's Receive Maximum may lower it.  Below MQTT 5 a publisher of several "
          + "messages at QoS 2 asks for it with MQTT 5 on a second connection, since mosquitto drops "
          + "what exceeds its max_inflight_messages without saying so; without an answer it is 20, and so it is "
          + "in bench, which does not ask."
      ) { (word, settings) throws(OptionError) in
        settings.connection.window = try word.integer(in: 1...65_535)
      },
      Option(
        short: "D", long: "property", words: PropertyOption.words, group: .session,
        commands: .all, repeats: true, secret: PropertyOption.secret,
        summary: "Add an MQTT 5 property to packets of one kind; repeatable.",
        details: "Selects MQTT 5.  User properties take a name and a value."
      ) { (words, settings) throws(OptionError) in try PropertyOption.apply(words, to: &settings) },
      Option(
        long: "binary", group: .session, commands: .all,
        summary: "Values of correlation-data and authentication-data may be any bytes.",
        details:
          "They are written as hex:00FF or base64:AP8=, or @FILE for what is in FILE; without "
          + "such a prefix they stand for themselves.  It does not matter whether this comes before or "
          + "behind {property}."
      ) { settings in settings.hasBinaryPrefixes = true },
      Option(
        short: "W", long: "timeout", value: .number("SECONDS"), group: .session,
        commands: .all,
        summary: "End after SECONDS, such as 0.5, with status 27 when not everything was done."
      ) { (word, settings) throws(OptionError) in
        settings.timeout = try word.decimal(in: 0.001...Double(Int32.max))
      },
      Option(
        long: "allow-control-characters", group: .session, commands: .all,
        summary:
          "Allow control characters in {topic}, {will-topic}, {id}, {username} and {property}."
      ) { settings in settings.connection.allowsControlCharacters = true },
      Option(
        short: "d", long: "debug", group: .session, commands: .all,
        summary: "Show every packet on standard error."
      ) { settings in settings.showsDebug = true },
      Option(
        long: "quiet", group: .session, commands: .all,
        summary: "Say nothing on standard error once the arguments are right."
      ) { settings in settings.isQuiet = true },
    ]
  }

  /// Decimal, hexadecimal (0x) or octal (0) as strtol reads it; -1 and the sign for infinity.
  private static func expiry(_ word: Argument) throws(OptionError) -> UInt32 {
    let text = word.text ?? ""
    if text == "-1" || text == "∞" { return .max }
    let number: UInt32?
    if text.lowercased().hasPrefix("0x") {
      number = UInt32(text.dropFirst(2), radix: 16)
    } else if text.count > 1, text.hasPrefix("0") {
      number = UInt32(text.dropFirst(), radix: 8)
    } else {
      number = UInt32(text)
    }
    guard let number else {
      throw OptionError("'\(word.shown)' is not a number from 0 to 4294967295, or -1 for ever")
    }
    return number
  }
}
