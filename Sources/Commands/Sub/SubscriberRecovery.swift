// What becomes of a subscriber that has lost its connection.

import MQTTClient
import MQTTProtocol
import Rendering

extension Subscriber {
  /// How often a server may close the connection in place of an answer to SUBSCRIBE.
  private static let mostUnanswered = 3

  /// Connects again, and subscribes unless the server has kept the session.
  mutating func recover(from failure: ClientFailure) throws(ClientFailure) {
    // What arrived is shown, whatever becomes of the connection.
    try output.drain(&client)
    if failure == .closedByServer(beforeConnAck: false), !hasSubscribed, !isDropIn {
      unanswered += 1
      if unanswered == Self.mostUnanswered { return giveUp() }
    }
    let connected: Connected
    do throws(ClientFailure) {
      connected = try reconnecting.comeBack(&client, after: failure)
    } catch {
      switch error {
      case .interrupted: end = .interrupted
      case .timedOut: end = .timedOut
      default: throw error
      }
      client.close()
      client.ignoreStop()
      return
    }
    if connected.connAck.sessionPresent, requests.areAnswered { return }
    if !settings.connection.cleanStart, !connected.connAck.sessionPresent, !isDropIn {
      reporter.say("the server has lost the session: messages of the meantime are gone")
    }
    refusals = 0
    do throws(Failure) { try subscribe() } catch {
      note(error.status, error.text)
      end = .done
    }
  }

  /// Below MQTT 5 some servers know no other way to refuse a subscription than to close the connection.
  private mutating func giveUp() {
    let filters = requests.all.map { "'\(SafeText.escaped($0.subscription.filter.bytes))'" }
    let isShared = requests.all.contains { $0.subscription.filter.isShared }
    note(
      .connectionLost,
      "\(connecting.endpoint): the server closed the connection \(unanswered) times instead of "
        + "answering SUBSCRIBE: it may not allow \(filters.joined(separator: " or "))"
        + (isShared ? ", or not know shared subscriptions" : ""))
    end = .done
    client.close()
  }
}
