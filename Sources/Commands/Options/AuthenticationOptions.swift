import MQTTProtocol
import OptionTable

extension Option {
  /// Who we are.
  static var loginOptions: [Option] {
    let password = [
      Option(
        short: "u", long: "username", value: .text("NAME"), group: .connection,
        commands: .all, summary: "User name to log in with."
      ) { (word, settings) throws(OptionError) in
        settings.connection.userName = try word.mqttString()
      },
      Option(
        short: "P", long: "pw", value: .text("PASSWORD"), group: .connection,
        commands: .all, secret: .wholeUnlessPrompt,
        summary: "Password to log in with; - asks at the terminal.",
        details:
          "On the command line it is overwritten once it was read; until then other users of this machine "
          + "may see it."
      ) { (word, settings) throws(OptionError) in
        settings.connection.setPassword(try word.field())
        if word.isPrompt {
          settings.connection.passwordSource = .prompt(question: "Password: ", option: "--pw")
        }
      },
    ]
    let sources = secretOptions(
      .connection,
      file: ("pw-file", "Read the password from FILE, which others must not be able to read."),
      environment: ("pw-env", "Take the password from the environment variable NAME."),
      descriptor: ("pw-fd", "Read the password from the open descriptor N, up to its end."),
      command: ("pw-cmd", "Take the password from what COMMAND prints."),
      commandDetails:
        "It runs anew for each connection, also after a loss, and may print a token that has just been "
        + "made.  When it fails then, that counts as a failed attempt to connect."
    ) { source, settings in
      settings.connection.setPassword(nil)
      settings.connection.passwordSource = source
    }
    return password + sources + authenticationOptions
  }

  private static var authenticationOptions: [Option] {
    [
      Option(
        long: "auth-method", value: .oneOf("METHOD", AuthenticationMethod.builtIn),
        group: .connection, commands: .all,
        summary: "Authenticate with METHOD, which shows that both sides know the password.",
        details:
          "Selects MQTT 5.  The password of {pw} and its like is not sent then.  With -PLUS the exchange is "
          + "bound to the connection's TLS 1.3 (tls-exporter).  Other methods need {auth-cmd}.  See "
          + "apus-auth(7)."
      ) { (word, settings) throws(OptionError) in
        if word.bytes.isEmpty { throw OptionError("the method's name is empty") }
        settings.connection.authentication.method = try word.mqttString()
        settings.connection.version = .v5
      },
      Option(
        long: "auth-cmd", value: .text("COMMAND"), group: .connection, commands: .all,
        summary: "Let COMMAND answer the challenges of {auth-method}.",
        details:
          "It reads a line of base64 for each challenge and prints one for each answer, as apus-auth(7) "
          + "tells.  It runs once for each connection.  Not for bench, which knows SCRAM alone."
      ) { (word, settings) throws(OptionError) in
        settings.connection.authentication.command = try word.command()
      },
      Option(
        long: "reauth", value: .number("SECONDS"), group: .connection, commands: .all,
        summary: "Authenticate again every SECONDS while the connection stands.",
        details:
          "With the same method.  A server that is not content ends the connection.  Not for bench."
      ) { (word, settings) throws(OptionError) in
        settings.connection.authentication.interval = try word.decimal(in: 0.1...31_536_000)
      },
    ]
  }
}
