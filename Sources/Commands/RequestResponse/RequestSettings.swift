import MQTTProtocol
import OptionTable

extension Settings {
  /// What `apus rr` asks and answers.
  struct Requesting: Sendable {
    /// Where answers are expected, or where they go for requests that don't say (`-e`).
    var responseTopic: TopicName?
    /// The first message on the response topic is the answer.
    var takesAny = false
    var showsLatency = false
    /// Seconds that each request may wait for its answer.
    var timeout: Double?
    /// Requests are answered, not made.
    var isServing = false
  }

  /// The response topic from `-e` or `-D publish response-topic`; nil when one is to be made up.
  var askedResponseTopic: TopicName? {
    requesting.responseTopic
      ?? properties[.publish]?.string(.responseTopic).flatMap { try? TopicName($0.bytes) }
  }

  /// An answer tells by its correlation data which request it belongs to.
  var correlates: Bool {
    connection.version == .v5 && !requesting.takesAny
      && properties[.publish]?.contains(.correlationData) != true
  }
}

extension Settings {
  /// Has the server say what response topics begin with (MQTT 5 §3.1.2.11.6).
  mutating func askForResponseInformation() {
    var connect = properties[.connect] ?? .none
    if connect.contains(.requestResponseInformation) { return }
    connect.set(Property(.requestResponseInformation, 1))
    properties[.connect] = connect
  }
}
