import OptionTable

/// A small post office: every kind of option, and texts with all that shells and roff trip over.
struct PostSettings: Equatable, Sendable {
  var seen: [String] = []
}

extension OptionGroup {
  static let letter = OptionGroup("Letter", order: 1)
  static let office = OptionGroup("The office's own", order: 2)
}

extension CommandName {
  static let send: CommandName = "send"
  static let fetch: CommandName = "fetch"
  static let peek: CommandName = "peek"
  static let sort: CommandName = "sort"
  static let read: CommandName = "read"
}

extension OptionSpec where Settings == PostSettings {
  static var table: [Self] {
    [
      urgency, office, text, attachment, folder, delay, stamp, verbose, register, number,
      secret, count, seal, call, profile,
    ]
  }

  static var urgency: Self {
    Self(
      short: "q", long: "qos", value: .oneOf("LEVEL", ["0", "1", "two's"]),
      group: .letter, commands: [.send, .fetch],
      summary: "How urgent: it's 0, 1 or \\2 [default: 0].",
      details: "'Twice' is possible.  .Sh is no section here.  See also {delay}, {v} and {braces }."
    ) { (level, settings) throws(OptionError) in
      guard level == "0" || level == "1" || level == "two's" else {
        throw OptionError("'\(level.shown)' is not 0, 1 or two's")
      }
      settings.seen.append("qos \(try level.string())")
    }
  }

  static var office: Self {
    Self(
      short: "h", long: "host", value: .host("HOST"), group: .office, commands: [.send, .fetch],
      summary: "The post office."
    ) { $1.seen.append("host \($0.shown)") }
  }

  static var text: Self {
    Self(
      short: "m", long: "message", value: .text("TEXT"), group: .letter, commands: [.send],
      summary: "What to write."
    ) { $1.seen.append("message \($0.shown)") }
  }

  static var attachment: Self {
    Self(
      short: "f", long: "file", value: .file("FILE"), group: .letter, commands: [.send],
      summary: "What to enclose."
    ) { $1.seen.append("file \($0.shown)") }
  }

  static var folder: Self {
    Self(
      long: "folder", value: .directory("DIR"), group: .office, commands: [.fetch],
      summary: "Where letters go; a long summary that has to be broken into several lines of help."
    ) { $1.seen.append("folder \($0.shown)") }
  }

  static var delay: Self {
    Self(
      long: "delay", value: .number("SECONDS"), group: .letter, commands: [.send, .fetch],
      summary: "Wait before {qos} applies."
    ) { (seconds, settings) throws(OptionError) in
      let seconds: Int = try seconds.integer(in: 5...60)
      settings.seen.append("delay \(seconds)")
    }
  }

  static var stamp: Self {
    let values = Words.any("VALUE")
    return Self(
      short: "D", long: "property",
      words: .choice(
        "CMD",
        [
          .init(
            "connect",
            then: .choice(
              "NAME",
              [
                .init("receive-maximum", then: values),
                .init("user-property", then: .any("KEY", then: values)),
              ])),
          .init(
            "publish",
            then: .choice(
              "NAME",
              [
                .init("format", then: .choice("VALUE", [.init("0"), .init("1")])),
                .init("user-property", then: .any("KEY", then: values)),
              ])),
        ]),
      group: .letter, commands: [.send], repeats: true, summary: "Stamps the letter; repeatable."
    ) { (words, settings) throws(OptionError) in
      guard words.count > 2 else {
        throw OptionError("'\(words.last?.shown ?? "")' is no stamp")
      }
      settings.seen.append("property \(words.map(\.shown).joined(separator: " "))")
    }
  }

  static var verbose: Self {
    Self(short: "v", group: .office, commands: [.send, .fetch], summary: "Tell more.") {
      $0.seen.append("v")
    }
  }

  static var register: Self {
    Self(
      short: "r", long: "retain", also: ["register", "keep-it"], group: .letter, commands: [.send],
      summary: "Keep a copy."
    ) { $0.seen.append("retain") }
  }

  static var number: Self {
    Self(
      short: "1", long: "once-only", group: .office, commands: [.send], summary: "Only one."
    ) { $0.seen.append("once") }
  }

  static var secret: Self {
    Self(
      long: "xyzzy", group: .office, commands: [.send], hidden: true, summary: "Nothing happens."
    ) { $0.seen.append("xyzzy") }
  }

  static var seal: Self {
    Self(
      long: "seal", value: .text("SECRET"), group: .office, commands: [.send], secret: .whole,
      hidden: true, summary: "Seals the letter."
    ) { $1.seen.append("seal \($0.shown)") }
  }

  static var call: Self {
    Self(
      long: "call", value: .text("URL"), group: .office, commands: [.send], secret: .login,
      hidden: true, summary: "Calls before."
    ) { $1.seen.append("call \($0.shown)") }
  }

  static var profile: Self {
    Self(
      long: "profile", value: .profile("NAME"), names: .profile, group: .office,
      commands: [.send], summary: "Whose letter."
    )
  }

  static var count: Self {
    Self(
      short: "C", value: .number("COUNT"), group: .office, commands: [.fetch],
      summary: "Leave after COUNT letters."
    ) { $1.seen.append("C \($0.shown)") }
  }
}

extension OptionSpec<PostSettings> {
  /// The options of `table` that name the command, and the endings.
  static func own(_ command: CommandName) -> [OptionSpec] {
    table.filter { $0.description.commands.contains(command) } + endings
  }
}

enum Post {
  static let send = CommandSpec(
    CommandDescription(
      .send, summary: "Sends a letter.",
      synopsis: ["[OPTION...] -t TOPIC {-m TEXT | -f FILE}", "-l [OPTION...] < file.txt"],
      description: ["A letter.  Or two.", "'Quoted' first.  .TH is no title; C:\\new\\fold."],
      examples: [
        Example("post send -m 'it''s' --qos 1 \"$x\" \\", "Sends {qos} 1: don't ask."),
        Example("date | post send -f -", "Encloses the date."),
      ],
      exitStatuses: [Definition("0", "Sent."), Definition("1\u{2013}5", "Not \u{221E} sent.")],
      environment: [Definition("POST_HOME", "Where letters are kept.")],
      files: [Definition("~/.config/post", "Settings.")], seeAlso: ["mail"]),
    options: OptionSpec.own(.send))
  static let fetch = CommandSpec<PostSettings>(
    CommandDescription(.fetch, summary: "Fetches letters.", synopsis: ["[OPTION...]"]),
    options: OptionSpec.own(.fetch))
  static let peek = CommandSpec<PostSettings>(
    CommandDescription(
      .peek, summary: "Shows options.", operands: .command, synopsis: ["[COMMAND] [OPTION...]"]),
    options: [OptionSpec.profile] + OptionSpec.endings)
  static let sort = CommandSpec<PostSettings>(
    CommandDescription(
      .sort, summary: "Sorts letters.",
      operands: .actions(
        heading: "Ways",
        [
          Action("date", "The oldest first: it's usual.", synopsis: "[OPTION...]"),
          Action("stack", "By hand.", synopsis: "FILE", files: .one),
          Action("sacks", "Whole sacks.", synopsis: "FILE...", "FILE... -- FILE", files: .several),
        ])),
    options: [OptionSpec.profile, OptionSpec.verbose] + OptionSpec.endings)
  static let read = CommandSpec<PostSettings>(
    CommandDescription(
      .read, summary: "Reads a letter.", operands: .file, synopsis: ["[OPTION...] [FILE]"]),
    options: [OptionSpec.urgency, OptionSpec.delay, OptionSpec.verbose] + OptionSpec.endings)
  static let program = ProgramSpec(
    name: "post", version: "0.1", date: "March 1, 2026", summary: "A post office.",
    commands: [
      send.description, fetch.description, peek.description, sort.description, read.description,
    ],
    exitStatuses: [Definition("0", "Done."), Definition("27", "Too late.")],
    seeAlso: ["mail"])
}
