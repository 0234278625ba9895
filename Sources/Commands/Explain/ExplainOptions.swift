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

  private static var jsonFindings: [Option] {
    [
      Option(
        long: "json", group: .output, commands: [.tls],
        summary: "Print an object of JSON for each server that is tried, in a line of its own.",
        details: "Its members are told under JSON."
      ) { settings in settings.explainsAsJSON = true }
    ]
  }

  /// The options of `apus tls`.
  static var explainTable: [Option] {
    // Nothing is published or subscribed to.
    let session = sessionOptions.filter {
      !["max-inflight", "allow-control-characters"].contains($0.description.long)
    }
    return jsonFindings + connectionOptions + serverOptions + loginOptions + session + tlsOptions
      + routeOptions
  }
}
