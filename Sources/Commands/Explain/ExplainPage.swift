// What the manual says about `apus tls`.

import OptionTable

extension Program {
  static var tls: CommandDescription {
    CommandDescription(
      "tls", summary: "Show how the connection to a broker comes about, or why it does not.",
      synopsis: ["[OPTION...] -h HOST"],
      description: [
        "Connects as the other commands do, with the same options, prints what it saw on standard "
          + "output, and leaves; nothing is published or subscribed to.  --explain on another command does "
          + "the same with that command's options.",
        "Over TLS it shows what was agreed on; each certificate that the server sent, with its names, its "
          + "validity and its key as {pin} takes it; and how each check ended, also when one failed.  Then "
          + "follows what the broker said of itself in CONNACK: limits of MQTT 5, and its default where it "
          + "said nothing.  Without TLS it says so.",
        "The broker sees a client that connects with the given identifier, user name and session, and "
          + "disconnects: an identifier that is in use elsewhere is taken from there.",
        "A connection that fails is told by one line on standard error, and has the exit status that it has "
          + "with any command.",
      ],
      examples: [
        Example("apus tls -L mqtts://broker.example", "shows certificates, checks and limits"),
        Example(
          "apus tls --insecure -h broker.local --tls",
          "shows the certificate of a broker not trusted yet"),
        Example(
          "apus sub --explain -h broker.local --cafile ca.pem -t 'home/#'",
          "shows why a subscriber does not connect"),
      ],
      exitStatuses: ExitStatus.table, environment: ConfigFiles.environment + ProxyVariables.table,
      files: ConfigFiles.definitions(for: .tls), seeAlso: ["apus-pub", "apus-sub"])
  }
}
