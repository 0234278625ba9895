import OptionTable

extension Option {
  /// The options of `apus repl` itself.
  static var replTable: [Option] {
    [
      Option(
        short: "c", long: "commands", value: .text("COMMANDS"), group: .shell, commands: [.repl],
        secret: .whole, summary: "Run COMMANDS, with ';' or newlines between, and end.",
        details: "Other users do not see them among the processes."
      ) { (word, settings) in settings.shell.commands = word.bytes },
      Option(
        long: "keep-going", group: .shell, commands: [.repl],
        summary: "Go on after a command that fails; the exit status is that of the first."
      ) { settings in settings.shell.keepsGoing = true },
    ] + endings
  }
}
