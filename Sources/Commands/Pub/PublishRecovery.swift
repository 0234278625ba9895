// What becomes of messages when their connection is lost.

import MQTTClient
import MQTTProtocol
import MQTTSession
import Rendering

extension Publisher {
  /// Connects again where there are more lines to publish; the session goes on with what is in flight.
  mutating func recover(from failure: ClientFailure) throws(Failure) {
    guard payload.isLines, client.session.phase != .disconnecting else {
      throw unacknowledged(failure)
    }
    // mosquitto_pub goes on for ever.
    if !hasProgressed, settings.personality == .apus { fruitless += 1 }
    if fruitless == Self.mostFruitless {
      var last = unacknowledged(failure)
      last.text += "; \(fruitless) times in a row no message was acknowledged"
      throw last
    }
    hasProgressed = false
    let resumption: Resumption
    do { resumption = try reconnecting.comeBack(&client, after: failure).resumption } catch {
      throw connecting.failure(error)
    }
    if settings.personality != .apus { return }
    if usesQoS0 {
      note(.connectionLost, "messages at QoS 0 that were on their way are lost")
    }
    if resumption.renewed > 0 {
      reporter.say(
        "\(resumption.renewed.are("message")) sent again and may arrive twice: "
          + "the server has not kept the session; -c -i ID asks for that")
    }
    if !resumption.abandoned.isEmpty {
      note(
        .notSupported,
        "\(resumption.abandoned.count) messages are lost: the server does not take them any more")
    }
  }

  /// Below MQTT 5 a server has no other way to refuse a message than to close the connection.
  private func unacknowledged(_ failure: ClientFailure) -> Failure {
    var whole = connecting.failure(failure)
    if failure == .closedByServer(beforeConnAck: false), !client.session.isSettled,
      settings.personality == .apus
    {
      let topic = SafeText.escaped(publication.topic.bytes)
      whole.text += "; it may not allow publishing to '\(topic)', or not at this size"
    }
    return whole
  }
}
