// `apus sub`: connect, subscribe, write what arrives, acknowledge what was written.

import MQTTClient
import MQTTProtocol
import MQTTSession
import Rendering
import Transport

/// One run of `apus sub`.
struct Subscriber: ~Copyable {
  let settings: Settings
  let reporter: Reporter
  private let connecting: Connecting
  private var client: Client
  private var output: MessageOutput
  private var filter: MessageFilter

  private var written = 0
  private var subscriptions: [Subscription] = []
  /// Retained messages that are still to be removed from the server.
  private var toRemove: [TopicName] = []
  private var refused: ExitStatus?
  private var end: End?

  /// Why no more messages are wanted.
  private enum End { case done, timedOut, interrupted }

  /// How long the end may take: the rest of QoS 2 handshakes, then the server's closing.
  private static let patience = Duration.seconds(5)
  /// Unacknowledged messages that an MQTT 5 server may send us.
  private static let receiveMaximum = 1000

  /// Connects.
  init(_ settings: Settings, _ reporter: Reporter) throws(Failure) {
    let connecting = Connecting(settings, stop: StopSignals.install())
    // No more than can be used, so that nothing is taken from the queue and then left unacknowledged.
    let wanted = min(settings.subscribing.count ?? Self.receiveMaximum, Self.receiveMaximum)
    var client = try connecting.open(receiveMaximum: wanted)
    do { try connecting.awaitConnAck(&client) } catch {
      throw Self.early(error, connecting)
    }
    self.settings = settings
    self.reporter = reporter
    self.connecting = connecting
    self.client = client
    filter = MessageFilter(settings.subscribing)
    output = MessageOutput(
      PlainFormat(
        showsTopic: settings.subscribing.isVerbose,
        endsWithNewline: settings.subscribing.endsWithNewline))
  }

  /// A signal before the connection stands has a status of its own.
  private static func early(_ error: ClientFailure, _ connecting: Connecting) -> Failure {
    if case .interrupted = error { return Failure(.interruptedEarly, "interrupted") }
    return connecting.failure(error)
  }

  /// Runs until enough messages came, the time is over, or a signal ends it.
  mutating func run() throws(Failure) -> ExitStatus {
    try subscribe()
    do {
      while end == nil { try turn() }
      try leave()
    } catch {
      client.abandon()
      throw connecting.failure(error)
    }
    if end == .timedOut { throw Failure(.timedOut, "timed out") }
    return refused ?? .success
  }

  // MARK: Subscribing

  private mutating func subscribe() throws(Failure) {
    let asked = settings.subscribing
    subscriptions = asked.filters.map {
      Subscription(
        $0, qos: settings.qos, noLocal: asked.noLocal,
        retainAsPublished: asked.retainAsPublished, retainHandling: asked.retainHandling)
    }
    do {
      if !subscriptions.isEmpty {
        _ = try client.session.subscribe(
          subscriptions, settings.properties[.subscribe] ?? .none)
      }
      for filter in asked.unsubscribe {
        _ = try client.session.unsubscribe(
          [filter], settings.properties[.unsubscribe] ?? .none)
      }
    } catch {
      try? client.session.disconnect()
      client.abandon()
      throw Failure(error)
    }
  }

  private mutating func subscribed(_ answer: SubscriptionAck) {
    var refusals = 0
    for (subscription, code) in zip(subscriptions, answer.codes) {
      let filter = SafeText.escaped(subscription.filter.bytes)
      if code.isFailure {
        refusals += 1
        refused = refused ?? .refused(code.rawValue)
        reporter.say(
          "subscription to '\(filter)' refused by the server: \(code)"
            + Failure.explanation(answer.properties))
      } else if code.rawValue < subscription.qos.rawValue {
        reporter.say(
          "subscription to '\(filter)': the server granted QoS \(code.rawValue) "
            + "instead of \(subscription.qos.rawValue)")
      }
    }
    if refusals == subscriptions.count {
      reporter.say("all subscription requests were denied")
      end = .done
    } else if settings.subscribing.exitsAfterSubscribing {
      end = .done
    }
  }

  // MARK: The loop

  /// Takes in what there is, writes it out, acknowledges it, and waits when there is no more.
  private mutating func turn() throws(ClientFailure) {
    do {
      try client.checkStop()
      var isIdle = true
      if try client.fill() {
        isIdle = client.isDrained
        while end == nil, let event = try client.nextEvent() {
          try handle(event)
        }
      }
      try settleOutput()
      if isIdle, end == nil { try idle() }
    } catch .interrupted {
      end = .interrupted
      client.ignoreStop()
    }
  }

  private mutating func idle() throws(ClientFailure) {
    removeRetained()
    try client.flush()
    if try client.wait(until: connecting.deadline).isLate { end = .timedOut }
  }

  private mutating func handle(_ event: Event) throws(ClientFailure) {
    switch event {
    case .message(let message): try take(message)
    case .subscribed(let answer): subscribed(answer)
    case .unsubscribed(let answer):
      if let code = answer.codes.first(where: { $0.isFailure }) {
        refused = refused ?? .refused(code.rawValue)
        reporter.say("unsubscribing refused by the server: \(code)")
      }
      if settings.subscribing.exitsAfterSubscribing, subscriptions.isEmpty { end = .done }
    case .rejected(let answer):
      refused = refused ?? .refused(answer.reason.rawValue)
      reporter.say("removing a retained message refused by the server: \(answer.reason)")
    case .acknowledged, .connected, .challenged: break
    }
  }

  private mutating func take(_ message: ReceivedMessage) throws(ClientFailure) {
    switch filter.verdict(on: message) {
    case .pass: break
    case .skip: return
    case .end:
      end = .done
      return
    }
    if settings.subscribing.removesRetained, message.retain,
      let topic = try? TopicName([UInt8](message.topic))
    {
      toRemove.append(topic)
    }
    if filter.isLucky() { try output.append(message, &client) }
    written += 1
    if written == settings.subscribing.count { end = .done }
  }

  /// Only what was written is acknowledged.
  private mutating func settleOutput() throws(ClientFailure) {
    try output.drain(&client)
    client.session.releaseAcknowledgements()
    try client.flush()
  }

  /// Publishes empty retained messages as far as the window allows.
  private mutating func removeRetained() {
    while let topic = toRemove.last {
      let removal = Publication(
        topic: topic, qos: .atLeastOnce, retain: true, properties: .none,
        settings.connection.version)
      do { try client.session.publish(removal, UnsafeRawBufferPointer(start: nil, count: 0)) } catch
      {
        guard error == .windowFull else {
          refused = refused ?? Failure(error).status
          reporter.say("\(topic): \(error)")
          toRemove = []
          return
        }
        return
      }
      toRemove.removeLast()
    }
  }

  // MARK: The end

  /// Finishes what was begun, so that the server has no half of a handshake, and disconnects.
  private mutating func leave() throws(ClientFailure) {
    let limit = MonotonicClock.now() + Self.patience
    try output.drain(&client)
    client.session.releaseAcknowledgements()
    while true {
      // What came together with the last message may be all that was missing.
      while let event = try client.nextEvent() {
        if case .message = event { continue }
        try handle(event)
      }
      removeRetained()
      try client.flush()
      if isFinished { break }
      if !(try client.fill()), try client.wait(until: limit).isLate { break }
    }
    let properties = settings.properties[.disconnect] ?? .none
    do { try client.session.disconnect(Disconnect(.normalDisconnection, properties)) } catch {
      reporter.say("\(error)")
      try? client.session.disconnect()
    }
    try client.finish(within: Self.patience)
  }

  /// Nothing that was begun waits for the server.
  private var isFinished: Bool {
    client.session.isSettled && !client.session.awaitsRelease && toRemove.isEmpty
  }
}
