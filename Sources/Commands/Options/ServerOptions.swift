import OptionTable

extension Option {
  /// Several servers, and those that a server refers to.
  static var serverOptions: [Option] {
    [
      Option(
        long: "server-order", value: .oneOf("ORDER", ["listed", "random"]), group: .connection,
        commands: .all,
        summary: "Try several servers as they are listed (default), or in random order."
      ) { (word, settings) throws(OptionError) in
        switch word.text {
        case "listed": settings.connection.hasRandomOrder = false
        case "random": settings.connection.hasRandomOrder = true
        default: throw OptionError("'\(word.shown)' is not listed or random")
        }
      },
      Option(
        long: "follow-redirect", group: .connection, commands: .all,
        summary: "Go to another server when the broker refers to it (MQTT 5, Server Reference).",
        details:
          "After 0x9D (server moved) for the rest of the run, after 0x9C (use another server) this time; "
          + "at most 5 times in a row.  TLS stays on, and the other server's certificate must be for its own "
          + "name.  Without TLS, or where the certificate is not checked, user name, password and "
          + "authentication go to no host that the command line does not name."
      ) { settings in settings.connection.followsRedirects = true },
    ]
  }
}
