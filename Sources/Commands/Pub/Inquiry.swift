// How many QoS 2 messages a broker takes at once, where its version of MQTT does not let it say so.

import MQTTClient
import MQTTProtocol
import MQTTSession
import Transport

/// A question to the broker on a connection of its own, in MQTT 5.
///
/// Mosquitto takes so many QoS 2 messages at once (`max_inflight_messages`, 20 unless configured), drops
/// those beyond, and below MQTT 5 acknowledges them all the same.  Only MQTT 5's CONNACK tells the number.
/// So a publisher that has several messages asks: when the second one wants to leave, since most runs
/// have only one; but before it connects itself where it logs in, since a broker may make client
/// identifiers of user names, and then a second connection would end the first.  For the same reason it
/// does not ask where it logs in to a session that is kept: the question would be the end of that.
struct Inquiry: ~Copyable {
  private var client: Client?
  /// What the broker said.
  let receiveMaximum: Int

  /// What is safe where there is no answer: mosquitto's default, which its own clients keep to.
  static let cautious = 20
  private static let patience = Duration.seconds(1)

  /// True when a run has to find out.
  static func isNeeded(_ settings: Settings, _ payload: Payload) -> Bool {
    settings.qos == .exactlyOnce && settings.connection.version < .v5
      && settings.connection.window == nil && payload.isSeveral(settings)
  }

  /// What the broker says before a publisher that logs in connects itself.
  static func beforehand(_ connecting: Connecting) -> Int {
    if !connecting.settings.connection.cleanStart { return cautious }
    var inquiry = Inquiry(connecting)
    inquiry.end()
    return inquiry.receiveMaximum
  }

  init(_ connecting: Connecting) {
    var answer: Int?
    var client = try? connecting.openInquiry(until: MonotonicClock.now() + Self.patience)
    if client != nil { answer = client?.session.limits.receiveMaximum }
    self.client = client.take()
    receiveMaximum = answer ?? Self.cautious
  }

  /// Leaves the broker.  Nothing waits for it.
  mutating func end() {
    try? client?.session.disconnect()
    _ = try? client?.flush()
    client?.close()
    client = nil
  }
}
