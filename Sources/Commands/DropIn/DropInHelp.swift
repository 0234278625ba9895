import OptionTable

extension Tool {
  /// The first line is for scripts that look for mosquitto's version: whose behaviour it is.
  var version: String {
    "\(name) version 2.1.2 running on libmosquitto 2.1.2.\n"
      + "This is apus \(Program.version) in its place.\n"
  }

  /// The options that the tool takes, each as it is written.
  var help: String {
    let command = Program.spec(for: command).description
    let rows = Rule.all.filter { $0.tools.contains(self) }.map { rule in
      let names = rule.names.map { "\($0)" }
      let option = command.options.first { $0.names.contains { names.contains($0.shown) } }
      let value = rule.missing == nil ? "" : " " + (option?.value.placeholder ?? "VALUE")
      return "  \(names.joined(separator: ", "))\(value)\n"
        + "      \(Self.otherwise(names[0]) ?? option.map { command.plain($0.summary) } ?? "")\n"
    }
    return version + "\nUsage: \(name) [OPTION...]\n\n"
      + "Every option is a word of its own, and so is every value.\n\n" + rows.joined()
      + "\nSee also: man apus-\(self.rawValue)\n"
  }

  /// What an option does where it does not do what it does under apus's own name.
  private static func otherwise(_ option: String) -> String? {
    switch option {
    case "-h": "Name or address of the broker (default localhost)."
    case "-p": "Port of the broker (default 1883; with TLS 8883)."
    case "-L": "User, password, broker and topic at once: mqtt[s]://[USER[:PW]@]HOST[:PORT]/TOPIC."
    case "-P": "Password to log in with."
    case "-i": "Client identifier (default: the broker assigns one)."
    case "-M": "Most unacknowledged messages on the wire (default 20)."
    case "-V": "Version of MQTT: 5, 311 or 31 (default 311; mosquitto_rr: 5)."
    case "-d": "Show every packet on standard output."
    case "-e": "Topic of the response."
    case "-W": "End after SECONDS, with status 27 when not everything was done."
    case "--proxy": "Connect through a proxy: socks5h://[USER[:PW]@]HOST[:PORT]."
    case "--ws": "Speak MQTT through WebSocket."
    case "--psk": "Use a pre-shared key instead of certificates."
    case "--tls-engine-kpass-sha1": "SHA-1 of the password of the engine's key, in hexadecimal."
    default: nil
    }
  }
}
