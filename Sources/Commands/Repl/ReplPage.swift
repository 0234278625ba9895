// What the manual says about the shell: apus-repl(1).

import OptionTable

extension Program {
  static var repl: CommandDescription {
    CommandDescription(
      .repl, summary: "Connect once, then publish, subscribe and look around, command by command.",
      operands: .file, synopsis: ["[OPTION...] [FILE]", "[OPTION...] -c COMMANDS"],
      description: [
        "Reads commands from FILE, from {commands}, or from standard input, and does them one after the other "
          + "over connections that stay.  Messages are shown as they come.  At a terminal there is a prompt, and "
          + "'apus' alone begins it too.",
        "pub, sub, rr and connect take the options of the commands of apus, as far as they are about a message, a "
          + "subscription, a request or a connection; 'help COMMAND' lists them.  Files of options (see "
          + "apus-config(5)) hold here too.",
        "A connection that is lost comes back by itself, with its subscriptions; commands wait for it.  "
          + "Several connections stand side by side: 'connect --as NAME' makes one more, and 'use NAME' turns to it.",
        "A script ends at the first command that fails, with that command's status and a line on standard error "
          + "that begins with FILE:LINE.  With {keep-going} it goes on, and where somebody types the lines.  SIGINT, SIGTERM and SIGHUP leave all "
          + "brokers with DISCONNECT and end the shell.",
        "On a terminal whatever would act there is shown instead, as apus-formats(7) describes it.  Passwords "
          + "belong into files, profiles or variables of the environment: 'connect -P $PASSWORD'.",
      ],
      sections: [commandsTable, languageTable, .prompt], transcript: transcript,
      examples: [
        Example(
          "apus repl -c 'connect; sub -t a; pub -t a -m hello; wait a --timeout 5'",
          "tests a broker: the status is 0 when the message comes back"),
        Example("apus repl smoke.apus", "runs a script"),
        Example(
          "apus pub --template reading --set room=kitchen",
          "publishes what 'template save reading' has kept"),
      ],
      exitStatuses: ExitStatus.table,
      environment: ConfigFiles.environment + ProxyVariables.table + [Definition].promptEnvironment,
      files: ConfigFiles.definitions(for: nil) + [
        Definition("~/.config/apus/templates/NAME", "What 'template save NAME' keeps."),
        Definition(
          "~/.local/state/apus/history", "The lines typed, readable by their owner alone."),
      ],
      seeAlso: ["apus-config(5)", "apus-formats(7)", "apus-pub", "apus-rr", "apus-sub"])
  }

  private static var commandsTable: Section {
    Section(
      "Commands", [],
      Builtin.all.map { builtin in
        let forms = builtin.synopsis.map { form in
          form.isEmpty ? builtin.name.text : "\(builtin.name.text) \(form)"
        }
        return Definition(
          forms.joined(separator: ", "),
          ([builtin.summary] + builtin.details).joined(separator: "  "))
      } + [
        Definition(Builtin.foreign.name, Builtin.foreign.summary)
      ])
  }

  private static let languageTable = Section(
    "Language", [],
    [
      Definition("; or a newline", "End a command."),
      Definition(
        "'a b', \"a b\", $'a\\tb', a\\ b",
        "Quotes as in a shell.  A quotation may go over several lines, and a backslash at a line's end joins "
          + "it with the next."),
      Definition("$NAME, ${NAME}", "The value of a variable, but not between single quotes."),
      Definition(
        "$SYS/..., $share/...", "Topics, which need no quotes unless such a variable is set."),
      Definition("~/NAME", "A file in the home folder, without quotes."),
      Definition("# text", "A comment.  The filter '#' needs quotes."),
      Definition("> FILE, >> FILE, | COMMAND", "Behind sub and messages: where the messages go."),
    ])

  private static let transcript = [
    "$ cat smoke.apus",
    "# What every broker should do.",
    "connect -h broker.local -V 5 -i smoke",
    "sub -t 'smoke/#' -q 2",
    "pub -t smoke/qos0 -m zero",
    "wait smoke/qos0 --timeout 5 --match zero",
    "pub -t smoke/qos2 -m two -q 2 -D publish content-type text/plain",
    "wait smoke/qos2 --timeout 5",
    "echo the last one was $payload",
    "topics smoke/#",
    "$ apus repl smoke.apus",
    "smoke/qos0 zero",
    "smoke/qos2 two",
    "the last one was two",
    "smoke/",
    "  qos0       1   0.1/s   0 s ago  zero",
    "  qos2       1   0.1/s   0 s ago  two",
    "$ echo $?",
    "0",
  ]
}
