import MQTTProtocol
import OptionTable

extension Rule {
  /// Where the broker is and how the session with it is.
  static var connection: [Rule] {
    [
      .value("-h", "--host", missing: "no host specified") { (word, wishes) in
        wishes.host = String(decoding: word.bytes, as: UTF8.self)
      },
      .value("-p", "--port", missing: "no port specified") { (word, wishes) throws(Complaint) in
        let port = word.atoi
        guard (0...65_535).contains(port) else {
          throw Complaint("Invalid port given: \(port)", spaced: false)
        }
        wishes.port = port
      },
      .value("--unix", missing: "no socket path specified") { (word, wishes) in
        wishes.host = String(decoding: word.bytes, as: UTF8.self)
        wishes.port = 0
      },
      .value("-L", "--url", missing: "no URL specified") { (word, wishes) throws(Complaint) in
        try wishes.take(url: word)
      },
      .value("-A", missing: "no address specified") { (word, wishes) in
        wishes.settings.connection.bindAddress = String(decoding: word.bytes, as: UTF8.self)
      },
      .value("-u", "--username", missing: "no username specified") { (word, wishes) in
        wishes.userName = word
      },
      .value("-P", "--pw", missing: "no password specified") { (word, wishes) in
        wishes.password = word
      },
      .value("-i", "--id", missing: "no id specified") { (word, wishes) throws(Complaint) in
        wishes.clientID = word
        try wishes.checkForOneID()
      },
      .value("-I", "--id-prefix", missing: "no id prefix specified") {
        (word, wishes) throws(Complaint) in
        wishes.clientIDPrefix = word
        try wishes.checkForOneID()
      },
      .value("-k", "--keepalive", missing: "no keepalive specified") {
        (word, wishes) throws(Complaint) in
        let seconds = word.atoi
        guard (5...65_535).contains(seconds) else {
          throw Complaint("Invalid keepalive given, it must be between 5 and 65535 inclusive.")
        }
        wishes.settings.connection.keepAlive = UInt16(seconds)
      },
      .value("-M", missing: "max_inflight not specified") { (word, wishes) throws(Complaint) in
        let window = word.atoi
        if window < 1 { throw Complaint("Maximum inflight messages must be greater than 0.") }
        wishes.settings.connection.window = min(Int(window), 65_535)
      },
      .value("-q", "--qos", missing: "no QoS specified") { (word, wishes) throws(Complaint) in
        guard let qos = QoS(atoi: word) else {
          throw Complaint("Invalid QoS given: \(word.atoi)", spaced: false)
        }
        wishes.settings.qos = qos
      },
      .value("-V", "--protocol-version", missing: "no version specified") {
        (word, wishes) throws(Complaint) in
        switch word {
        case "mqttv31", "31": wishes.settings.connection.version = .v31
        case "mqttv311", "311": wishes.settings.connection.version = .v311
        case "mqttv5", "5": wishes.settings.connection.version = .v5
        default: throw Complaint("Invalid protocol version argument given.")
        }
      },
      .value("-x", missing: "no session expiry interval specified") {
        (word, wishes) throws(Complaint) in
        wishes.settings.connection.sessionExpiry = try Wishes.sessionExpiry(word)
        wishes.settings.connection.version = .v5
      },
      .flag("-c", "--disable-clean-session"),
      .flag("-d", "--debug"),
      .flag("--quiet"),
      .flag("--nodelay"),
      .value("--proxy", missing: "no proxy url specified") { (word, wishes) throws(Complaint) in
        guard word.bytes.starts(with: "socks5h://".utf8) else {
          let shown = Secret.login.mask([word]).map(\.shown).joined()
          throw Complaint("Unsupported proxy protocol: \(shown)", spaced: false)
        }
        do throws(OptionError) {
          wishes.settings.connection.proxy = .through(try word.proxy(source: "--proxy"))
        } catch {
          throw Complaint("Invalid proxy URL: \(error.text).", spaced: false)
        }
      },
      .flag("--ws"),
    ]
  }

  /// The message that the broker publishes when the client vanishes.
  static var will: [Rule] {
    [
      .value("--will-topic", missing: "no will topic specified") {
        (word, wishes) throws(Complaint) in
        wishes.settings.connection.willTopic = try word.dropInTopic("--will-topic", "will")
      },
      .value("--will-payload", missing: "no will payload specified") { (word, wishes) in
        wishes.settings.connection.willPayload = word.bytes
      },
      .value("--will-qos", missing: "no will QoS specified") { (word, wishes) throws(Complaint) in
        guard let qos = QoS(atoi: word) else { throw Complaint("Invalid will QoS \(word.atoi).") }
        wishes.settings.connection.willQoS = qos
      },
      .flag("--will-retain"),
    ]
  }
}

extension QoS {
  fileprivate init?(atoi word: Argument) {
    guard let level = UInt8(exactly: word.atoi) else { return nil }
    self.init(rawValue: level)
  }
}

extension Wishes {
  fileprivate func checkForOneID() throws(Complaint) {
    if clientID != nil, clientIDPrefix != nil {
      throw Complaint("-i and -I argument cannot be used together.")
    }
  }

  fileprivate static func sessionExpiry(_ word: Argument) throws(Complaint) -> UInt32 {
    if word == "∞" { return .max }
    guard let seconds = word.wholeNumber else {
      throw Complaint("session-expiry-interval not a number.")
    }
    if seconds == -1 { return .max }
    guard let seconds = UInt32(exactly: seconds) else {
      throw Complaint("session-expiry-interval out of range.")
    }
    return seconds
  }
}
