import OptionTable

extension Option {
  /// What is published, and where.
  static var messageOptions: [Option] {
    [
      Option(
        short: "t", long: "topic", value: .text("TOPIC"), group: .message, commands: .pub,
        summary: "Topic to publish to."
      ) { (word, settings) throws(OptionError) in
        settings.publishing.topic = .success(try word.topicName())
      }
    ] + payloadOptions + publishingOptions
  }

  /// Where payloads come from.
  static var payloadOptions: [Option] {
    [
      Option(
        short: "m", long: "message", value: .text("PAYLOAD"), group: .message,
        commands: [.pub, .rr],
        summary: "Publish PAYLOAD."
      ) { (word, settings) in settings.setSource(.message(word.bytes)) },
      Option(
        short: "f", long: "file", value: .file("FILE"), group: .message, commands: [.pub, .rr],
        summary: "Publish what is in FILE as one message."
      ) { (word, settings) in settings.setSource(.file(word)) },
      Option(
        short: "n", long: "null-message", group: .message, commands: [.pub, .rr],
        summary: "Publish an empty message; retained, it removes what the broker kept."
      ) { settings in settings.setSource(.empty) },
      Option(
        short: "s", long: "stdin-file", group: .message, commands: [.pub, .rr],
        summary: "Publish all of standard input as one message."
      ) { settings in settings.setSource(.standardInput) },
      Option(
        short: "l", long: "stdin-line", group: .message, commands: [.pub, .rr],
        summary: "Publish each line of standard input as a message.",
        details: "Any bytes but the newline are kept; an empty line is an empty message."
      ) { settings in settings.setSource(.lines(separator: UInt8(ascii: "\n"))) },
      Option(
        short: "0", long: "stdin-null", group: .message, commands: [.pub, .rr],
        summary: "Like {stdin-line}, but messages end with a NUL byte (find -print0)."
      ) { settings in settings.setSource(.lines(separator: 0)) },
    ]
  }

  private static var publishingOptions: [Option] {
    [
      Option(
        long: "topic-separator", value: .text("CHAR"), group: .message, commands: .pub,
        summary: "Each line begins with its topic, which the first CHAR ends ('\\t' for a tab).",
        details:
          "Goes with {stdin-line} and {stdin-null}.  A line without CHAR, or whose topic is none, "
          + "is reported and passed over, and the exit status is 1."
      ) { (word, settings) throws(OptionError) in
        settings.publishing.topicSeparator = try word.separator()
      },
      Option(
        long: "json-lines", group: .message, commands: .pub,
        summary:
          "Publish each line of standard input, a JSON object as 'apus sub --json' prints it.",
        details:
          "Its members are topic, payload or payload_base64, qos, retain and properties (MQTT 5); "
          + "others are passed over.  {topic}, {qos}, {retain} and {property} stand in for what is "
          + "missing.  A payload that is no string is sent as JSON.  A line that cannot be published is "
          + "reported and passed over, and the exit status is not 0; empty lines are passed over."
      ) { settings in settings.setSource(.jsonLines) },
      Option(
        short: "r", long: "retain", group: .message, commands: .pub,
        summary: "Have the broker keep the message for later subscribers."
      ) { settings in settings.publishing.retain = true },
      Option(
        long: "repeat", value: .number("N"), group: .message, commands: .pub,
        summary: "Publish the message N times (default 1)."
      ) { (word, settings) throws(OptionError) in
        settings.publishing.repeatCount = try word.integer(in: 1...Int(Int32.max))
      },
      Option(
        long: "repeat-delay", value: .number("SECONDS"), group: .message, commands: .pub,
        summary: "Pause between repetitions, such as 0.5 (default 0)."
      ) { (word, settings) throws(OptionError) in
        settings.publishing.repeatDelay = try word.decimal(in: 0...1_000_000)
      },
      Option(
        long: "eager", group: .message, commands: .pub,
        summary: "Publish without waiting for the broker to accept the connection.",
        details: "Saves a round trip.  A refusal is still an error."
      ) { settings in settings.connection.isEager = true },
      Option(
        long: "template", value: .text("NAME"), names: .template, group: .message, commands: .pub,
        summary: "Publish what apus/templates/NAME in the configuration folder says.",
        details:
          "The file holds options, as apus-config(5) describes them, in which {{n}} stands for the number of "
          + "the message (see {repeat}), {{now}} for the time, {{uuid}} for a new identifier, {{rand 0 100}} for a "
          + "whole number in that range, {{env NAME}} for a variable of the environment, and {{KEY}} for the "
          + "value of {set}.  'template save' of apus-repl(1) writes such files."
      ),
      Option(
        long: "set", value: .text("KEY=VALUE"), group: .message, commands: .pub, repeats: true,
        summary: "What {{KEY}} stands for in a template; repeatable."
      ) { (word, _) throws(OptionError) in _ = try TemplateFilling.assignment(word) },
    ]
  }
}

extension Settings {
  fileprivate mutating func setSource(_ source: PayloadSource) {
    publishing.source = source
    publishing.sourceCount += 1
  }
}
