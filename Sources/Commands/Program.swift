// The program's own texts: what help, manual pages and completions are made from.

import OptionTable

/// Everything that is said about apus outside its options.
package enum Program {
  static let version = "0.1.0"

  static let commands: [CommandName] = [
    .pub, .sub, .rr, .repl, .bench, .outbox, .tls, .key, .config,
  ]

  /// Made for the one command that runs: its table is most of what starting up costs.
  static func spec(for command: CommandName) -> CommandSpec<Settings> {
    CommandSpec(description(of: command), options: Option.table(for: command))
  }

  private static func description(of command: CommandName) -> CommandDescription {
    switch command {
    case .pub: pub
    case .rr: rr
    case .repl: repl
    case .tls: tls
    case .key: key
    case .outbox: outbox
    case .bench: bench
    case .config: config
    default: sub
    }
  }

  /// The whole, for help and for `apus generate`.
  package static var spec: ProgramSpec {
    ProgramSpec(
      name: "apus", version: version, date: "November 24, 2026",
      summary: "Publish, subscribe, ask and answer with MQTT from the shell.",
      description: [
        "apus speaks MQTT 3.1, 3.1.1 and 5.0 with any broker, over TCP and Unix sockets, TLS, WebSocket "
          + "and proxies.",
        "Called as mosquitto_pub, mosquitto_sub or mosquitto_rr, or with --drop-in as its first word "
          + "(apus --drop-in pub ...), it takes the place of that program: the same words, output, errors "
          + "and exit statuses.",
        "Errors are one line on standard error.  The exit status tells what happened.",
      ],
      commands: commands.map { spec(for: $0).description }, exitStatuses: ExitStatus.table,
      environment: ConfigFiles.environment + tlsEnvironment + ProxyVariables.table,
      files: ConfigFiles.definitions(for: nil),
      seeAlso: [
        "apus-auth(7)", "apus-config(5)", "apus-formats(7)", "apus-protocol(7)", "apus-sealing(7)",
        "mosquitto_pub", "mosquitto_sub",
      ])
  }

  private static var tlsEnvironment: [Definition] {
    [
      Definition(
        "SSL_CERT_FILE, SSL_CERT_DIR",
        "A file of certificate authorities, and directories of them with ':' between, in place of "
          + "those that the system trusts."),
      Definition(
        "SSLKEYLOGFILE", "A file to append the secrets of TLS connections to, as --tls-keylog does."
      ),
    ]
  }
}
