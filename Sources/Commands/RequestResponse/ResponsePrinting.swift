// Which request a message answers, and how it comes to be printed in its turn.

import MQTTClient
import MQTTProtocol
import MQTTSession
import Rendering
import Transport

extension Requester {
  mutating func take(_ message: ReceivedMessage) throws(ClientFailure) {
    guard let number = request(answeredBy: message), window.isOpen(number) else { return }
    var message = message
    if let opener {
      do { message = try opener.open(message) } catch {
        let topic = SafeText.escaped(message.topic)
        if error.isHarmless { return reporter.say("\(topic): passed over: \(error)") }
        fail(number, .notAuthentic, "\(topic): response refused: \(error)")
        if opener.isStrict { hasGivenUp = true }
        return
      }
    }
    let now = settings.requesting.showsLatency ? MonotonicClock.now() : .zero
    guard number == window.first else {
      window.close(number, .answered(KeptMessage(message), at: now))
      return
    }
    window.close(number, .done)
    if let request = window.removeFirst() { try show(message, request, at: now) }
    try printAnswers()
  }

  /// The number of a request that was made; it may be over.  Nil for messages that answer nothing.
  private mutating func request(answeredBy message: ReceivedMessage) -> Int? {
    guard message.topic.elementsEqual(subscription.filter.bytes) else { return nil }
    // What was retained is older than the subscription, and so than the request.
    if message.retain, isStale { return nil }
    if correlation == nil, fixedCorrelation == nil { return window.first }
    if let data = message.bytes(of: .correlationData) {
      if let correlation {
        if let number = correlation.number(in: data) { return number }
      } else if data.elementsEqual(fixedCorrelation ?? []) {
        return window.first
      }
    }
    strays += 1
    return nil
  }

  private var isStale: Bool {
    settings.subscribing.ignoresRetained
      || settings.personality == .apus && !settings.subscribing.retainAsPublished
  }

  /// Prints answers that came early and whose turn it is now.
  mutating func printAnswers() throws(ClientFailure) {
    while let request = window[window.first] {
      if case .asked = request.state { return }
      _ = window.removeFirst()
      if case .answered(let kept, let time) = request.state {
        try show(kept.message, request, at: time)
      }
    }
  }

  private mutating func show(
    _ message: ReceivedMessage, _ request: RequestWindow.Request, at time: Instant
  ) throws(ClientFailure) {
    if let problem = try output.append(message, &client) {
      let topic = SafeText.escaped(message.topic)
      reporter.say(
        settings.personality == .apus
          ? "\(topic): \(problem)" : problem.inMosquittosWords(topic: topic))
    }
    if settings.requesting.showsLatency {
      output.append(line: (time - (request.sent ?? request.made)).latencyLine)
    }
  }
}
