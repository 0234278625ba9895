import MQTTProtocol
import OptionTable
import Rendering

extension Option {
  /// What is subscribed to.
  static var subscriptionOptions: [Option] {
    [
      Option(
        short: "t", long: "topic", value: .text("FILTER"), group: .subscription, commands: .sub,
        repeats: true, summary: "Topic filter to subscribe to; repeatable.",
        details: "'+' stands for one level, '#' for all that follow, "
          + "'$share/NAME/FILTER' shares the messages among clients."
      ) { (word, settings) throws(OptionError) in
        settings.subscribing.filters.append(try word.topicFilter())
      },
      Option(
        long: "subscription", value: .text("FILTER[;OPTION...]"), group: .subscription,
        commands: .sub, repeats: true,
        summary: "Topic filter with options of its own, such as 'a/#;qos=2;no-local'; repeatable.",
        details: "The options are qos=0, 1 or 2, and in MQTT 5 no-local, retain-as-published, "
          + "retain-handling=always, new or never, and id=NUMBER, the subscription identifier.  What is "
          + "not given is as the command's other options say.  The first ';' ends the filter."
      ) { (word, settings) throws(OptionError) in
        settings.subscribing.specific.append(try SpecificSubscription(word))
      },
      Option(
        short: "U", long: "unsubscribe", value: .text("FILTER"), group: .subscription,
        commands: .sub, repeats: true, summary: "Topic filter to unsubscribe from; repeatable."
      ) { (word, settings) throws(OptionError) in
        settings.subscribing.unsubscribe.append(try word.topicFilter())
      },
      Option(
        long: "retain-handling", value: .oneOf("WHEN", ["always", "new", "never"]),
        group: .subscription, commands: [.sub, .rr],
        summary: "Ask for retained messages always, for a new subscription, or never (MQTT 5)."
      ) { (word, settings) throws(OptionError) in
        settings.subscribing.retainHandling = try word.retainHandling()
      },
      Option(
        long: "retain-as-published", group: .subscription, commands: [.sub, .rr],
        summary: "Keep the retain flag as the publisher set it (MQTT 5)."
      ) { settings in settings.subscribing.retainAsPublished = true },
      Option(
        long: "no-local", group: .subscription, commands: .sub,
        summary: "Leave out messages that this client published itself (MQTT 5)."
      ) { settings in settings.subscribing.noLocal = true },
      Option(
        short: "E", group: .subscription, commands: .sub,
        summary: "Exit once the broker has acknowledged the subscriptions."
      ) { settings in settings.subscribing.exitsAfterSubscribing = true },
    ]
  }

  /// Which messages are shown, and how many.
  static var selectionOptions: [Option] {
    [
      Option(
        short: "C", long: "count", value: .number("N"), group: .selection, commands: .sub,
        summary: "Exit after N messages."
      ) { (word, settings) throws(OptionError) in
        settings.subscribing.count = try word.integer(in: 1...Int.max)
      },
      Option(
        long: "ack", value: .oneOf("WHEN", ["write", "read", "exec"]), group: .session,
        commands: .sub,
        summary: "Acknowledge a message once it is written, read, or its command ended with 0.",
        details:
          "write (the default without {exec}) is when standard output has taken it.  read is "
          + "when the reader of a pipe has taken it out: what the pipe held when its reader died comes "
          + "again.  exec is when the command of {exec} has ended with 0; when it fails, apus ends, and "
          + "the message stays unacknowledged (without it, commands that fail are reported, and their "
          + "messages acknowledged).  Such messages come again with the next connection of a session "
          + "that is kept ({disable-clean-session}); this is for QoS 1 and 2."
      ) { (word, settings) throws(OptionError) in
        guard let when = word.text.flatMap({ Settings.Subscribing.Acknowledging(rawValue: $0) })
        else {
          throw OptionError("'\(word.shown)' is not write, read or exec")
        }
        settings.subscribing.acknowledging = when
      },
      Option(
        long: "idle-timeout", value: .number("SECONDS"), group: .selection, commands: .sub,
        summary: "Exit when no message has come for SECONDS, such as 0.5.",
        details: "The exit status is 0, but 27 where {count} wanted more messages."
      ) { (word, settings) throws(OptionError) in
        settings.subscribing.idleTimeout = try word.decimal(in: 0.001...Double(Int32.max))
      },
      Option(
        short: "T", long: "filter-out", value: .text("FILTER"), group: .selection,
        commands: .sub, repeats: true,
        summary: "Leave out messages whose topic matches FILTER; repeatable."
      ) { (word, settings) throws(OptionError) in
        settings.subscribing.filterOut.append(try word.topicFilter())
      },
      Option(
        short: "R", group: .selection, commands: [.sub, .rr],
        summary: "Leave out retained messages."
      ) { settings in
        settings.subscribing.ignoresRetained = true
        settings.subscribing.retainHandling = .never
      },
      Option(
        long: "retained-only", group: .selection, commands: .sub,
        summary: "Show only retained messages and exit at the first other one."
      ) { settings in settings.subscribing.retainedOnly = true },
      Option(
        long: "remove-retained", group: .selection, commands: .sub,
        summary: "Remove each retained message from the broker after it was shown."
      ) { settings in settings.subscribing.removesRetained = true },
      Option(
        long: "random-filter", value: .number("PERCENT"), group: .selection, commands: .sub,
        summary: "Show only PERCENT of the messages, chosen by chance (0.1 to 100)."
      ) { (word, settings) throws(OptionError) in
        settings.subscribing.randomFilter = try word.decimal(in: 0.1...100)
      },
    ]
  }

  /// How messages are shown.
  static var outputOptions: [Option] {
    [
      Option(
        short: "v", long: "verbose", group: .output, commands: [.sub, .rr],
        summary: "Print the topic before the payload."
      ) { settings in settings.subscribing.isVerbose = true },
      Option(
        short: "F", value: .text("FORMAT"), group: .output, commands: [.sub, .rr],
        summary: "Print each message as FORMAT says, such as '%t %p'; goes before {verbose}.",
        details: "'%t' is the topic, '%p' the payload, '%x' the payload in hexadecimal, '%j' the "
          + "whole message as JSON, '%J' the same with a payload that is JSON itself, '%I' the time; "
          + "apus-formats(7) lists all."
      ) { (word, settings) throws(OptionError) in
        do { settings.subscribing.format = try MessageFormat(word.bytes) } catch {
          throw OptionError("'\(word.shown)': \(error)")
        }
      },
      Option(
        long: "pretty", group: .output, commands: [.sub, .rr],
        summary: "Print JSON on several lines."
      ) { settings in settings.subscribing.isPretty = true },
      Option(
        long: "json", group: .output, commands: .sub,
        summary: "Print each message as a line of JSON, which 'apus pub --json-lines' reads.",
        details: "The same as '-F %j'.  With {protocol-version} 5 properties are part of it; with "
          + "{retain-as-published} 'retain' is what the publisher said."
      ) { settings in settings.subscribing.format = try? MessageFormat(Array("%j".utf8)) },
      Option(
        short: "w", long: "watch", group: .output, commands: .sub,
        summary: "Clear the screen and keep each topic's last message in a line of its own."
      ) { settings in settings.subscribing.isWatching = true },
      Option(
        long: "message-rate", group: .output, commands: .sub,
        summary: "Print how many messages came in each second, instead of the messages."
      ) { settings in settings.subscribing.showsRate = true },
      Option(
        long: "raw", group: .output, commands: [.sub, .rr],
        summary: "Let payloads act on a terminal: don't show their control characters escaped.",
        details: "Topics and properties stay escaped.  Output to a pipe or a file is never escaped."
      ) { settings in settings.subscribing.isRaw = true },
      Option(
        short: "N", group: .output, commands: [.sub, .rr],
        summary: "Print no newline after the payload."
      ) { settings in settings.subscribing.endsWithNewline = false },
    ]
  }
}
