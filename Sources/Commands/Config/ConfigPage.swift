// What the manual says about files of options: apus-config(5), apus-config(1), and parts of other pages.

import OptionTable

extension Program {
  static var config: CommandDescription {
    CommandDescription(
      .config, summary: "Print the options in force, and where each comes from.",
      operands: .command, synopsis: ["[COMMAND] [OPTION...]"],
      description: [
        "Prints what 'apus COMMAND OPTION...' would work with, without doing it: the options of each file "
          + "and of the command line in their order.  Without COMMAND it prints those that all commands "
          + "share, and checks them for each command.",
        "The output is a file of options itself.  Comments tell which files were looked for and where "
          + "each option stands.  Options that later ones override are comments, and so are those that "
          + "hold a secret, which is masked.",
      ],
      examples: [
        Example("apus config", "shows what every command starts from"),
        Example(
          "apus config sub --profile plant-a -t 'line/#'", "shows what that subscriber would use"),
        Example("apus config pub -h broker.local -q 1 >~/.config/apus/pub", "writes a file"),
      ],
      exitStatuses: [
        Definition("0", "The files can be used."),
        Definition("1", "They cannot, and one line on standard error says where."),
      ],
      environment: ConfigFiles.environment, files: ConfigFiles.definitions(for: nil),
      seeAlso: ["apus-config(5)"])
  }

  static var configFiles: ReferencePage {
    ReferencePage(
      title: "apus-config", section: 5, summary: "Files of options for apus.",
      description: [
        "Options that are always the same may stand in files.  They are read before the command line, "
          + "so that it has the last word: first the file for all commands, then the command's own, then "
          + "a profile.  Of an option that is there several times the last counts; those that can be "
          + "repeated add up.",
        "A missing file is no mistake, except one that -o or --profile names.  'apus config' shows what is "
          + "in force and where it comes from.",
      ],
      tables: [
        lines, rules, ReferencePage.Table("Environment", ConfigFiles.environment),
        ReferencePage.Table("Files", ConfigFiles.definitions(for: nil)),
      ],
      examples: [
        Example("-h broker.local", "Where the broker is, in config:"),
        Example("-t 'logs/#'", "What apus sub subscribes to, in sub:"),
        Example("-D connect user-property 'made by' 'the night shift'", "Words with blanks:"),
        Example("apus pub --no-retain -t a -m x", "Does without the --retain of a file:"),
      ],
      seeAlso: ["apus-config", "apus-pub", "apus-sub", "mosquitto_pub"])
  }

  private static let lines = ReferencePage.Table(
    "Ways to write a line",
    [
      Definition("-h broker", "An option and its value, which is the rest of the line."),
      Definition("--host broker, --host=broker", "The same with the long name."),
      Definition(
        "-m 'a b', -m \"a b\", -m $'a\\tb'",
        "A value that begins with a quote ends with it, as in a shell; $'…' knows \\n, \\t, \\xHH and "
          + "the like.  Nothing is expanded.  Without quotes, blanks in a value count, blanks around it "
          + "do not, and '#', quotes and backslashes are themselves."),
      Definition(
        "-D publish user-property k 'a b'",
        "Several values are words as in a shell, split at blanks unless quoted."),
      Definition("--retain", "A flag."),
      Definition(
        "--no-retain", "Forgets every --retain before; so does --no-X for any long name X."),
      Definition("# text", "A comment, on a line of its own.  Empty lines are left out."),
    ])

  private static let rules = ReferencePage.Table(
    "Rules",
    [
      Definition(
        "Unknown options",
        "An error, in every file.  In the command's own file so is an option that only other commands "
          + "know; elsewhere that is left to them."),
      Definition(
        "Secrets",
        "A file that holds a password must be readable by its owner only (chmod 600), or it is refused."
      ),
      Definition(
        "Kinds of files",
        "Regular files of at most 1 MiB.  A symbolic link is not followed (one in the folders before "
          + "it is).  -o takes /dev/null and what the shell opened, such as <(command), as well."),
      Definition(
        "-o, --profile, --help, --version", "These work on the command line only."),
      Definition(
        "Files of mosquitto_pub and mosquitto_sub",
        "They can be used as they are, unless a value begins with a quote or ends with a blank."),
    ])
}

extension ConfigFiles {
  static let environment = [
    Definition(
      "XDG_CONFIG_HOME",
      "The configuration folder, if it is an absolute path; otherwise it is ~/.config."),
    Definition("HOME", "Your home folder."),
  ]

  /// - Parameter command: nil for all.
  static func definitions(for command: CommandName?) -> [Definition] {
    let own =
      command.map { Definition("~/.config/apus/\($0.text)", "Options for this command.") }
      ?? Definition(
        "~/.config/apus/pub, ~/.config/apus/sub", "Options for the command of that name.")
    return [
      Definition("~/.config/apus/config", "Options for all commands."), own,
      Definition("~/.config/apus/profiles/NAME", "Options that --profile NAME adds."),
    ]
  }
}
