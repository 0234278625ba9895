// What the manual says about the shell: apus-repl(1).

import OptionTable

extension Program {
  static var repl: CommandDescription {
    CommandDescription(
      .repl, summary: "Connect once, then publish, subscribe and look around, command by command.",
      synopsis: ["[OPTION...] [FILE]", "[OPTION...] -c COMMANDS"],
      description: [
        "Reads commands from FILE, from {commands}, or from standard input, and does them one after the "
          + "other over connections that stay."
      ],
      examples: [
        Example(
          "apus repl -c 'connect; sub -t a; pub -t a -m hello; wait a --timeout 5'",
          "tests a broker: the status is 0 when the message comes back")
      ],
      exitStatuses: ExitStatus.table, environment: ConfigFiles.environment + ProxyVariables.table,
      files: ConfigFiles.definitions(for: nil),
      seeAlso: ["apus-config(5)", "apus-formats(7)", "apus-pub", "apus-rr", "apus-sub"])
  }
}
