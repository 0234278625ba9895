import OptionTable

extension Option {
  /// The message that the broker publishes when we are gone without a word.
  static var willOptions: [Option] {
    [
      Option(
        long: "will-topic", value: .text("TOPIC"), group: .will, commands: .all,
        summary: "Topic of the message that the broker publishes if this client vanishes."
      ) { (word, settings) throws(OptionError) in
        settings.connection.willTopic = try word.topicName("will topic")
      },
      Option(
        long: "will-payload", value: .text("PAYLOAD"), group: .will, commands: .all,
        summary: "Its payload (default empty)."
      ) { (word, settings) throws(OptionError) in
        settings.connection.willPayload = try word.field()
      },
      Option(
        long: "will-qos", value: .oneOf("LEVEL", ["0", "1", "2"]), group: .will,
        commands: .all, summary: "Its quality of service (default 0)."
      ) { (word, settings) throws(OptionError) in settings.connection.willQoS = try word.qos() },
      Option(
        long: "will-retain", group: .will, commands: .all,
        summary: "Have the broker keep it for later subscribers."
      ) { settings in settings.connection.willRetain = true },
    ]
  }
}
