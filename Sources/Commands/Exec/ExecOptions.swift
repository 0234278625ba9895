import Glibc
import OptionTable

extension Settings {
  /// What is done with messages in place of printing them.
  struct Executing: Sendable {
    /// For `/bin/sh -c`, once for each message.
    var command: [UInt8]?
    /// Most commands that run at the same time.
    var jobs: Int?
  }

  /// Most commands that run at the same time: one at a time keeps the order of the messages, which
  /// requests don't need.
  var jobs: Int {
    executing.jobs
      ?? (requesting.isServing ? max(1, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN)))) : 1)
  }
}

extension Option {
  /// A command for each message.
  static func execOptions(for command: CommandName) -> [Option] {
    let isServer = command == .rr
    return [
      Option(
        long: "exec", value: .text("COMMAND"), group: isServer ? .serving : .output,
        commands: [.sub, .rr],
        summary: isServer
          ? "Run COMMAND for each request and answer with what it prints."
          : "Run COMMAND for each message in place of printing it.",
        details: "COMMAND is run by /bin/sh and gets the payload on standard input and the rest in "
          + "environment variables.  Above QoS 0 the message is acknowledged when COMMAND has ended."
      ) { (word, settings) throws(OptionError) in
        if word.bytes.isEmpty { throw OptionError("the command is empty") }
        settings.executing.command = word.bytes
      },
      Option(
        long: "jobs", value: .number("N"), group: isServer ? .serving : .output,
        commands: [.sub, .rr],
        summary: "Run at most N commands of {exec} at the same time "
          + (isServer
            ? "(default: one for each processor)." : "(default 1, which keeps the order)."),
        details: "No more messages are read from the broker than can be run."
      ) { (word, settings) throws(OptionError) in
        settings.executing.jobs = try word.integer(in: 1...10_000)
      },
    ]
  }
}

/// The variables that a command of `--exec` finds in its environment, for the manual.
enum ExecVariables {
  static let table: [Definition] = [
    Definition("MQTT_TOPIC", "The message's topic."),
    Definition("MQTT_QOS", "Its quality of service, 0 to 2."),
    Definition("MQTT_RETAIN", "1 for a message that the broker had retained, else 0."),
    Definition("MQTT_RESPONSE_TOPIC", "Where the sender expects an answer."),
    Definition("MQTT_CORRELATION_DATA", "What an answer must carry, in base64."),
    Definition("MQTT_CONTENT_TYPE", "What the sender says the payload is."),
    Definition("MQTT_MESSAGE_EXPIRY", "Seconds until the message is of no use any more."),
    Definition("MQTT_PAYLOAD_FORMAT", "1 when the sender promises UTF-8 text."),
    Definition("MQTT_USER_PROPERTIES", "How many user properties the message has."),
    Definition(
      "MQTT_USER_PROPERTY_1_NAME, MQTT_USER_PROPERTY_1_VALUE",
      "The first user property; MQTT_USER_PROPERTY_2_NAME the second one's name, and so on."),
  ]
}
