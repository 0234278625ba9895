import OptionTable

extension Option {
  /// `--explain`, for every command that does something else without it.
  static var explainOptions: [Option] {
    [
      Option(
        long: "explain", group: .connection, commands: [.pub, .sub, .rr],
        summary: "Show how the connection comes about, as apus tls does, and do nothing else.",
        details:
          "With the options that the command has otherwise: nothing is published, subscribed to or run."
      ) { settings in settings.explains = true }
    ]
  }

  /// The options of `apus tls`.
  static var explainTable: [Option] {
    let session = sessionOptions.filter { $0.description.long != "max-inflight" }
    return connectionOptions + serverOptions + session + tlsOptions + routeOptions
  }
}
