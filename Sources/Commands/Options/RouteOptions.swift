import OptionTable
import Transport

extension Option {
  /// What lies between us and the broker: WebSocket, and proxies.
  static var routeOptions: [Option] {
    [
      Option(
        long: "ws", group: .route, commands: .all,
        summary: "Speak MQTT through WebSocket; the default port is 80 then, and with TLS 443.",
        details:
          "ws:// and wss:// in {url} do the same.  The broker is asked for the sub-protocol mqtt."
      ) { settings in settings.connection.webSocket.isAsked = true },
      Option(
        long: "ws-path", value: .text("PATH"), group: .route, commands: .all,
        secret: .query,
        summary: "Where the broker's WebSocket is (default /mqtt).  Turns {ws} on.",
        details: "With a query, if there is one, and special characters as %XX."
      ) { (word, settings) throws(OptionError) in
        settings.connection.webSocket.path = try word.webSocketPath()
        settings.connection.webSocket.isAsked = true
      },
      Option(
        long: "ws-header", value: .text("'NAME: VALUE'"), group: .route, commands: .all,
        repeats: true, secret: .httpField,
        summary: "Send this HTTP field when WebSocket begins; repeatable.  Turns {ws} on.",
        details: "Such as Authorization, Cookie, Origin; Host replaces the broker's own name."
      ) { (word, settings) throws(OptionError) in
        settings.connection.webSocket.fields.append(try word.httpField())
        settings.connection.webSocket.isAsked = true
      },
      Option(
        long: "proxy", value: .text("URL"), group: .route, commands: .all, secret: .login,
        summary: "Connect through a proxy: socks5[h]:// or http[s]://[USER[:PW]@]HOST[:PORT].",
        details:
          "socks5:// looks the broker's name up here, socks5h:// leaves that to the proxy.  http:// and "
          + "https:// ask for CONNECT; https:// talks to the proxy over TLS.  The default ports are 1080, "
          + "80 and 443.  Special characters are written as %XX.  Without this option variables of the "
          + "environment count; an empty URL, or {no-proxy}, switches them off."
      ) { (word, settings) throws(OptionError) in
        settings.connection.proxy =
          word.bytes.isEmpty ? .none : .through(try word.proxy(source: "--proxy"))
      },
      Option(
        long: "proxy-pw", value: .text("PASSWORD"), group: .route, commands: .all,
        secret: .wholeUnlessPrompt,
        summary: "Password for the proxy, in place of its URL's; - asks at the terminal.",
        details: "The user name stands in the URL."
      ) { (word, settings) throws(OptionError) in
        settings.connection.proxyPasswordSource =
          word.isPrompt
          ? .prompt(question: "Password for the proxy: ", option: "--proxy-pw")
          : .word(word.bytes)
      },
      Option(
        long: "no-proxy", group: .route, commands: .all,
        summary: "Connect to the broker itself, whatever the environment says."
      ) { settings in settings.connection.proxy = .none },
      Option(
        long: "proxy-cafile", value: .file("FILE"), group: .route, commands: .all,
        summary: "Trust the certificate authorities in FILE for an https:// proxy.",
        details: "The system's without it; {cafile} and its like are for the broker."
      ) { (word, settings) throws(OptionError) in
        if word.bytes.isEmpty { throw OptionError("the path is empty") }
        settings.connection.proxyAuthorityFile = try word.string()
      },
    ]
      + secretOptions(
        .route,
        file: (
          "proxy-pw-file",
          "Read the proxy's password from FILE, which others must not be able to read."
        ),
        environment: (
          "proxy-pw-env", "Take the proxy's password from the environment variable NAME."
        ),
        descriptor: (
          "proxy-pw-fd", "Read the proxy's password from the open descriptor N, up to its end."
        ),
        command: ("proxy-pw-cmd", "Take the proxy's password from what COMMAND prints.")
      ) { source, settings in
        settings.connection.proxyPasswordSource = source
      }
  }
}

extension Secret {
  /// What follows `?`: some services put a token there.
  fileprivate static let query = Secret { words in
    words.map { word in
      guard let mark = word.bytes.firstIndex(of: UInt8(ascii: "?")) else { return word }
      return Argument(bytes: word.bytes[...mark] + mask.bytes)
    }
  }

  /// The value of a field, unless everybody may know it.
  fileprivate static let httpField = Secret { words in
    words.map { word in
      guard let colon = word.bytes.firstIndex(of: UInt8(ascii: ":")) else { return word }
      let name = String(decoding: word.bytes[..<colon], as: UTF8.self).lowercased()
      if ["host", "origin", "user-agent"].contains(name) { return word }
      return Argument(bytes: word.bytes[...colon] + " ".utf8 + mask.bytes)
    }
  }
}
