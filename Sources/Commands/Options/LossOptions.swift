import OptionTable

extension Option {
  /// What happens when the connection is lost.
  static var lossOptions: [Option] {
    [
      Option(
        long: "on-loss", value: .oneOf("WHAT", Settings.OnLoss.allCases.map(\.rawValue)),
        group: .session, commands: .all,
        summary: "When the connection is lost: wait and connect again (default), or exit.",
        details:
          "Concerns what runs on: sub, bench, rr --serve, and pub and rr that read lines.  The first connection "
          + "must succeed, who has one message or request ends in any case, and nobody comes back to a "
          + "server that refused or accused the client."
      ) { (word, settings) throws(OptionError) in
        guard let onLoss = word.text.flatMap(Settings.OnLoss.init) else {
          throw OptionError("'\(word.shown)' is not wait or exit")
        }
        settings.connection.onLoss = onLoss
      },
      Option(
        long: "retries", value: .number("N"), group: .session, commands: .all,
        summary: "Give up after N attempts in a row to connect again (default: never)."
      ) { (word, settings) throws(OptionError) in
        settings.connection.retries = try word.integer(in: 0...Int.max)
      },
      Option(
        long: "reconnect-delay", value: .number("SECONDS"), group: .session, commands: .all,
        summary:
          "Wait up to SECONDS before connecting again, twice that the next time (default 1).",
        details:
          "How long within that, chance decides, so that clients do not come back all at once."
      ) { (word, settings) throws(OptionError) in
        settings.connection.reconnectDelay = try word.decimal(in: 0.01...86_400)
      },
      Option(
        long: "reconnect-max", value: .number("SECONDS"), group: .session, commands: .all,
        summary: "Never wait longer than SECONDS before connecting again (default 60)."
      ) { (word, settings) throws(OptionError) in
        settings.connection.reconnectMax = try word.decimal(in: 0.01...86_400)
      },
    ]
  }
}
