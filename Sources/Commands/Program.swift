// The program's own texts: what help, manual pages and completions are made from.

import OptionTable

/// Everything that is said about apus outside its options.
package enum Program {
  package static let version = "0.1.0"

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
        "apus-auth(7)", "apus-config(5)", "apus-sealing(7)", "mosquitto_pub", "mosquitto_sub",
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

  private static var pub: CommandDescription {
    CommandDescription(
      "pub", summary: "Publish messages.",
      synopsis: [
        "[OPTION...] -t TOPIC (-m PAYLOAD | -f FILE | -l | -0 | -n | -s)",
        "[OPTION...] --json-lines", "[OPTION...] -l --topic-separator CHAR",
      ],
      description: [
        "Publishes one message, or one for each line of standard input, and exits when all of them "
          + "have arrived as far as their quality of service promises.",
        "Messages above QoS 0 are sent without waiting for each acknowledgement: up to "
          + "{max-inflight} are on the wire.  A signal ends the program; what was not acknowledged "
          + "then is not known to have arrived.",
        "With {outbox} messages are stored on the disk first, and delivered by this run or a later one: "
          + "apus-outbox(1) tells what that promises.",
      ],
      examples: [
        Example("apus pub -t home/lamp -m on", "publishes one message"),
        Example(
          "tail -F app.log | apus pub -h broker.local -t logs/app -q 1 -l",
          "publishes every line as it is written"),
        Example("apus pub -t home/lamp -r -n", "removes the retained message of a topic"),
        Example(
          "find . -name '*.jpg' -print0 | apus pub -t files -0 -q 2",
          "publishes file names, which may hold newlines"),
        Example(
          "apus sub -V 5 -t '#' --json | apus pub -V 5 --json-lines -h other",
          "copies everything to another broker"),
        Example(
          "apus pub --outbox spool -t meter/1 -q 2 -m 42",
          "keeps the message on the disk until the broker has it, now or at a later run"),
      ],
      exitStatuses: ExitStatus.table, environment: ConfigFiles.environment + ProxyVariables.table,
      files: ConfigFiles.definitions(for: .pub),
      seeAlso: [
        "apus-auth(7)", "apus-config(5)", "apus-sealing(7)", "apus-key", "apus-outbox",
        "apus-sub", "mosquitto_pub",
      ])
  }

  private static var sub: CommandDescription {
    CommandDescription(
      "sub", summary: "Subscribe to topics and print messages.",
      synopsis: ["[OPTION...] -t FILTER...", "[OPTION...] -U FILTER..."],
      description: [
        "Prints the payload of each message and a newline until {count} messages came, {timeout} is "
          + "over, or SIGINT or SIGTERM ends it.",
        "A message is acknowledged only after it was written to standard output.",
      ],
      examples: [
        Example("apus sub -t 'home/+/temperature' -v", "prints messages with their topics"),
        Example("apus sub -t cmd/door -C 1 -W 30", "waits for one message, half a minute at most"),
        Example(
          "apus sub -t 'logs/#' -q 1 -c -i archive >>log",
          "collects what was published while it was away"),
        Example("apus sub -t 'home/#' -F '@H:@M:@S %t %p'", "puts the time in front"),
        Example("apus sub -t 'home/#' --json | jq .payload", "hands whole messages on as JSON"),
        Example(
          "apus sub -t 'home/#' --watch", "keeps the last message of each topic on the screen"),
        Example(
          "apus sub -t 'home/#' -v --idle-timeout 2",
          "prints until there was silence for two seconds"),
        Example(
          "apus sub -t 'files/#' -q 1 --exec 'cat >\"$(basename \"$MQTT_TOPIC\")\"'",
          "runs a command for each message, with the payload on its standard input"),
        Example(
          "apus sub -t 'home/#' --retained-only --remove-retained -W 2",
          "shows and removes retained messages"),
      ],
      exitStatuses: ExitStatus.table,
      environment: ConfigFiles.environment + ProxyVariables.table + ExecVariables.table,
      files: ConfigFiles.definitions(for: .sub),
      seeAlso: [
        "apus-auth(7)", "apus-config(5)", "apus-formats(7)", "apus-sealing(7)", "apus-key",
        "apus-pub",
        "mosquitto_sub",
      ])
  }
}
