// What is said about `apus bench` beside its options.

import OptionTable

extension Program {
  static var bench: CommandDescription {
    CommandDescription(
      "bench", summary: "Put a load on a broker and measure what becomes of it.",
      synopsis: [
        "conn --clients N [OPTION...]", "pub [OPTION...]", "sub [OPTION...]",
        "pubsub [OPTION...]", "rr [OPTION...]",
      ],
      description: [
        "Connects clients, has them publish or subscribe, and prints how many messages a second there "
          + "were, how long they took, and how many were lost, doubled, overtaken or damaged."
      ],
      examples: [
        Example(
          "apus bench pubsub --rate 1000 -q 1",
          "sends a thousand messages a second for ten seconds, from one publisher to one subscriber"
        )
      ],
      exitStatuses: ExitStatus.table, environment: ConfigFiles.environment + ProxyVariables.table,
      files: ConfigFiles.definitions(for: .bench), seeAlso: ["apus-config(5)", "apus-pub"])
  }
}
