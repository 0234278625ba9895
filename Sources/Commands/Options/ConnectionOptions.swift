import OptionTable

extension Option {
  /// Where the broker is.
  static var connectionOptions: [Option] {
    [
      Option(
        short: "h", long: "host", value: .host("HOST"), group: .connection, commands: .all,
        summary: "Name or address of the broker (default localhost); several with ',' between.",
        details:
          "Each may bring its own port: a:1884,[::1]:1885.  They are tried one after the other, each for "
          + "{connect-timeout}, until one accepts the connection: when it cannot be reached or not be "
          + "trusted, and when it is unavailable, busy, or says to use another server.  Any other refusal "
          + "is the end.  After a loss each of them is tried before the first wait.  TLS is for all or none."
      ) { (word, settings) throws(OptionError) in
        settings.connection.servers = try Server.list(word)
        settings.connection.urls = []
        settings.connection.unixPath = nil
      },
      Option(
        short: "p", long: "port", value: .number("PORT"), group: .connection,
        commands: .all, summary: "Port of the broker (default 1883; with TLS 8883; see {ws}).",
        details: "8883 turns TLS on."
      ) { (word, settings) throws(OptionError) in
        settings.connection.port = try word.integer(in: 1...UInt16.max)
        settings.connection.unixPath = nil
      },
      Option(
        short: "L", long: "url", value: .text("URL"), group: .connection, commands: .all,
        isOneSet: true, secret: .login,
        summary:
          "User, password, broker, topic at once (repeatable): mqtt://[USER[:PW]@]HOST[:PORT][/TOPIC].",
        details:
          "With mqtts:// over TLS.  ws://HOST[:PORT][/PATH] and wss://, over TLS, go through WebSocket: "
          + "there the path is WebSocket's (see {ws-path}) and -t names the topic.  Special characters "
          + "are written as %XX, IPv6 addresses in brackets.  Repeated, it names further servers, as {host} "
          + "with ',' does: of the same scheme and path, with at most one login and topic among them."
      ) { (word, settings) throws(OptionError) in
        try BrokerURL(word).apply(to: &settings)
      },
      Option(
        long: "unix", value: .file("PATH"), group: .connection, commands: .all,
        summary: "Connect to a Unix domain socket instead of {host} and {port}."
      ) { (word, settings) throws(OptionError) in
        if word.bytes.isEmpty { throw OptionError("the path is empty") }
        settings.connection.unixPath = try word.string()
        settings.connection.urls = []
      },
      Option(
        short: "S", long: "srv", group: .connection, commands: .all,
        summary: "Look up the broker in the SRV records of {host}.",
        details:
          "They are those of _mqtt._tcp.HOST, and with TLS _secure-mqtt._tcp.HOST.  Each server named there is tried until one "
          + "accepts the connection.  Excludes {port} and {unix}."
      ) { settings in settings.connection.usesServiceRecords = true },
      Option(
        short: "A", value: .host("ADDRESS"), group: .connection, commands: .all,
        summary: "Local address to connect from."
      ) { (word, settings) throws(OptionError) in
        settings.connection.bindAddress = try word.host()
      },
      Option(
        long: "connect-timeout", value: .number("SECONDS"), group: .connection,
        commands: .all,
        summary: "Give up when the broker has not accepted within SECONDS (default 30)."
      ) { (word, settings) throws(OptionError) in
        settings.connection.connectTimeout = try word.decimal(in: 0.001...86_400)
      },
      Option(
        long: "nodelay", group: .connection, commands: .all,
        summary: "Accepted for mosquitto's sake: apus always sets TCP_NODELAY."
      ) { _ in },
    ]
  }
}
