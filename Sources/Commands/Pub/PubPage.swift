// What is said about `apus pub` beside its options.

import OptionTable

extension Program {
  static var pub: CommandDescription {
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
          "apus sub -V 5 -q 2 -t '#' --json | apus pub -V 5 --json-lines -h other",
          "copies messages to another broker, as they come"),
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
}
