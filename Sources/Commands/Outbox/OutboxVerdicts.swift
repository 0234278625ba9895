// What the broker says to messages of an outbox, and which of them stay there.

import MQTTClient
import MQTTProtocol
import MQTTSession
import Transport

extension OutboxSender {
  func handle(_ event: Event) {
    lastProgress = MonotonicClock.now()
    link.hear()
    switch event {
    case .received(let id): flight.noteReceived(id)
    case .acknowledged(let id): flight.finish(id) { $0.delivered.append($1) }
    case .unmatched(let id):
      if client.session.isInFlight(id) {
        flight.noteReceived(id)
      } else {
        flight.finish(id) { $0.delivered.append($1) }
      }
    case .rejected(let answer):
      let number = flight.number(of: answer.packetID) ?? 0
      flight.finish(answer.packetID) { $0.refused.append($1) }
      note(
        .refused(answer.reason.rawValue),
        "message \(number) refused by the server and taken out of the outbox: \(answer.reason)"
          + Failure.explanation(answer.properties))
    case .connected, .message, .subscribed, .unsubscribed, .challenged: break
    }
  }

  /// What this server does not take stays in the outbox: another may, or this one later.
  func keepBack(_ number: Int64, _ refusal: Refusal) {
    let why = connecting.failure(refusal)
    note(why.status, "message \(number) stays in the outbox: \(why.text)")
  }

  func keepBackSealed(_ number: Int64) {
    note(
      .usage,
      "message \(number) stays in the outbox: it was sealed or signed for MQTT 5, which -V 5 sends")
  }

  func keepBack(_ id: PacketID) {
    guard let number = flight.abandon(id) else { return }
    note(
      .notSupported, "message \(number) stays in the outbox: the server does not take it any more")
  }

  func note(_ status: ExitStatus, _ text: String) {
    reporter.say(text)
    if refused == nil { refused = status }
  }
}
