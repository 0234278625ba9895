// `apus rr`: subscribe to the answers, ask, print what comes back in the order of the requests.

import MQTTClient
import MQTTProtocol
import MQTTSession
import OptionTable
import Rendering
import Transport

/// One run of `apus rr` without `--serve`.
struct Requester: ~Copyable {
  var settings: Settings { connecting.settings }
  let reporter: Reporter
  let connecting: Connecting
  var reconnecting: Reconnecting
  var client: Client
  var output: MessageOutput
  let payload: Payload
  private var publication: Publication
  /// What the publication was made of.
  private let properties: Properties
  private let sealer: MessageSealer?
  private let opener: MessageOpener?
  private let subscription: Subscription
  var window: RequestWindow
  /// Nil when the first message on the response topic is the answer.
  private let correlation: Correlation?
  /// The user's own.
  private let fixedCorrelation: [UInt8]?
  private let promisesText: Bool
  private let timeout: Duration?

  var isSubscribed = false
  /// What came together with SUBACK is looked at when the request is on its way.
  private var isBehindSubAck = false
  /// The server does not let us have responses.
  private var isRefused = false
  /// A response was refused, and that is to be the end.
  private var hasGivenUp = false
  /// Requests before this one were handed to the socket.
  var unsent = 1
  /// Messages on the response topic that answered nothing.
  private var strays = 0
  /// What the first failure makes the exit status.
  private var failed: ExitStatus?

  /// Output that is worth a system call of its own.
  private static let block = 128 << 10
  private static let usualWindow = 100

  /// Connects.
  init(_ asked: Settings, _ reporter: Reporter) throws(Failure) {
    var settings = asked
    guard let topic = try? settings.topic() else {
      throw Failure(.usage, "a topic is needed: -t TOPIC")
    }
    let deadline = Connecting.deadline(settings)
    let stop = StopSignals.install()
    let sealer = try MessageSealer(settings, until: deadline, stop: stop)
    let opener = try MessageOpener(settings, until: deadline, stop: stop)
    let payload = try Payload(settings, until: deadline, stop: stop)
      .held(until: deadline, stop: stop)
    let isSeveral = payload.isLines && settings.correlates
    let capacity = isSeveral ? settings.connection.window ?? Self.usualWindow : 1
    if settings.askedResponseTopic == nil { settings.askForResponseInformation() }
    let connecting = Connecting(settings, until: deadline, stop: stop)
    var client = try connecting.open(receiveMaximum: capacity)
    do throws(ClientFailure) { try connecting.awaitConnAck(&client) } catch {
      client.abandon()
      throw connecting.failure(error)
    }
    let answers =
      settings.askedResponseTopic.flatMap { ResponseTopic($0) }
      ?? ResponseTopic.make(client.session.limits.responseInformation)
    guard let answers else {
      client.abandon()
      throw Failure(.usage, "no response topic: give one with -e")
    }
    let correlation = settings.correlates ? Correlation() : nil
    var properties = settings.properties[.publish] ?? .none
    fixedCorrelation = settings.requesting.takesAny ? nil : properties.binary(.correlationData)
    if !properties.contains(.responseTopic) {
      properties.set(Property(.responseTopic, answers.name))
    }
    properties.set(correlation?.property)
    publication = Publication(
      topic: topic, qos: settings.qos, retain: false, properties: properties,
      settings.connection.version)
    self.properties = properties
    self.sealer = sealer
    self.opener = opener
    subscription = Subscription(
      answers.filter, qos: settings.qos,
      retainAsPublished: settings.subscribing.retainAsPublished,
      retainHandling: settings.subscribing.retainHandling)
    self.reporter = reporter
    self.connecting = connecting
    reconnecting = Reconnecting(connecting, reporter)
    self.client = client
    self.payload = payload
    self.correlation = correlation
    output = MessageOutput(settings, until: deadline)
    window = RequestWindow(capacity: capacity)
    promisesText = settings.promisesText
    timeout = settings.requesting.timeout.map { .seconds($0) }
  }

  /// Runs until every request has its answer, or none will come.
  mutating func run() throws(Failure) -> ExitStatus {
    var source = RequestSource(payload)
    do throws(Failure) {
      try subscribe()
      while true {
        try onLine { requester throws(ClientFailure) in try requester.exchange() }
        try ask(&source)
        try onLine { requester throws(ClientFailure) in try requester.flush() }
        let isDone = isSubscribed ? source.isFinished && window.isEmpty : isRefused
        if isDone || hasGivenUp { break }
        let watch = canAsk ? source.watch : nil
        if canAsk && watch == nil && !source.isFinished || isBehindSubAck { continue }
        if try idle(other: watch) { try source.read(number: window.next) }
      }
      do throws(ClientFailure) { try leave() } catch { throw connecting.failure(error) }
    } catch {
      try? output.drain(&client)
      if error.partsInOrder(settings.personality) {
        try? client.session.disconnect(Disconnect(partingReason(for: error)))
      }
      client.abandon()
      throw explained(error)
    }
    return failed ?? .success
  }

  /// mosquitto_rr has its will published when its time is over.
  private func partingReason(for failure: Failure) -> ReasonCode {
    settings.personality != .apus && failure.status == .timedOut
      ? .disconnectWithWill : .normalDisconnection
  }

  /// Comes back where the connection is lost.
  private mutating func onLine(
    _ body: (inout Requester) throws(ClientFailure) -> Void
  ) throws(Failure) {
    do throws(ClientFailure) { try body(&self) } catch { try recover(from: error) }
  }

  /// Says how many requests are left, and what may be the reason.
  private func explained(_ failure: Failure) -> Failure {
    if settings.personality != .apus { return failure }
    var failure = failure
    switch window.unanswered {
    case 0: break
    case 1: failure.text += "; 1 request has no response"
    case let count: failure.text += "; \(count) requests have no response"
    }
    failure.text += strayNote
    return failure
  }

  private var strayNote: String {
    strays == 0
      ? "" : " (messages with other correlation data: \(strays); --any takes the first that comes)"
  }

  // MARK: Asking

  mutating func subscribe() throws(Failure) {
    do {
      _ = try client.session.subscribe([subscription], settings.properties[.subscribe] ?? .none)
    } catch {
      throw connecting.failure(error)
    }
  }

  private var canAsk: Bool {
    isSubscribed && !window.isFull && client.session.output.count < Self.block
      && (settings.qos == .atMostOnce || client.session.canPublish)
  }

  /// Puts as many requests into the output as window and socket take.
  private mutating func ask(_ source: inout RequestSource) throws(Failure) {
    guard canAsk else { return }
    let now = MonotonicClock.now()
    while canAsk,
      try source.take({ (payload) throws(Failure) in try ask(payload, at: now) })
    {}
  }

  /// - Returns: false when the server's window is full.
  private mutating func ask(
    _ payload: UnsafeRawBufferPointer, at now: Instant
  ) throws(Failure) -> Bool {
    let number = window.next
    var request = RequestWindow.Request(made: now)
    if promisesText, self.payload.isLines, !Payload.isText(payload) {
      fail(&request, .usage, "is not UTF-8 text, as payload-format-indicator 1 says")
    } else {
      correlation?.write(number, into: &publication)
      var sealed: MessageSealer.Sealed?
      if let sealer {
        sealed = try sealer.seal(publication, properties(of: number), payload)
      }
      do {
        request.packetID = try client.session.publish(
          sealed?.publication ?? publication, sealed?.payload ?? payload)
      } catch {
        switch error {
        case .windowFull: return false
        // One line that is too long doesn't keep the others from being sent.
        case .packetTooLarge where self.payload.isLines: fail(&request, .packetTooLarge, "\(error)")
        default: throw connecting.failure(error)
        }
      }
    }
    window.append(request)
    return true
  }

  private func properties(of number: Int) -> Properties {
    var properties = properties
    properties.set(correlation?.property(of: number))
    return properties
  }

  private mutating func fail(
    _ request: inout RequestWindow.Request, _ status: ExitStatus, _ text: String
  ) {
    request.state = .done
    note(status, "request \(window.next): \(text)")
  }

  // MARK: The loop

  /// Sends and receives what can be without waiting, and prints the answers whose turn it is.
  private mutating func exchange() throws(ClientFailure) {
    if try client.attend(until: connecting.deadline) { throw .timedOut }
    try flush()
    if try client.fill() || isBehindSubAck {
      isBehindSubAck = false
      while !isBehindSubAck, let event = try client.nextEvent() { try handle(event) }
    }
    expire()
    try printAnswers()
    try output.drain(&client)
    client.session.releaseAcknowledgements()
    try flush()
    if output.wasInterrupted, let signal = connecting.stop.requested {
      throw .interrupted(signal: signal)
    }
  }

  private mutating func flush() throws(ClientFailure) {
    let start = settings.requesting.showsLatency ? MonotonicClock.now() : .zero
    if try client.flush(), unsent < window.next {
      window.setSent(from: unsent, at: start)
      unsent = window.next
    }
  }

  /// - Returns: true when `other` is ready.
  private mutating func idle(other: Watch?) throws(Failure) -> Bool {
    let due = timeout.flatMap { limit in window[window.first].map { $0.made + limit } }
    let limit = [due, connecting.deadline].compactMap { $0 }.min()
    do { return try client.wait(other: other, until: limit).other } catch {
      try recover(from: error)
      return false
    }
  }

  private mutating func handle(_ event: Event) throws(ClientFailure) {
    switch event {
    case .message(let message): try take(message)
    case .subscribed(let answer):
      subscribed(answer)
    case .rejected(let answer) where settings.personality != .apus:
      reporter.say("Warning: Publish \(answer.packetID) failed: \(answer.reason).")
    case .unmatched where settings.personality != .apus: break
    case .rejected(let answer):
      fail(
        window.number(of: answer.packetID), .refused(answer.reason.rawValue),
        "refused by the server: \(answer.reason)" + Failure.explanation(answer.properties))
    case .unmatched(let id):
      fail(
        window.number(of: id), .noMatchingSubscribers,
        "nobody subscribes to the topic, so nobody will respond")
    case .received, .acknowledged, .unsubscribed, .connected, .challenged: break
    }
  }

  private mutating func subscribed(_ answer: SubscriptionAck) {
    if settings.personality == .apus {
      let report = SubscriptionReport([subscription], answer, say: reporter.say)
      isRefused = report.refused != nil
      failed = failed ?? report.refused
    } else if let code = answer.codes.first(where: { $0.isFailure }) {
      // As mosquitto_rr, whose status does not tell.
      reporter.say("\(code)")
      isRefused = true
    }
    isSubscribed = !isRefused
    if isSubscribed { client.session.sendCarriedOver() }
    isBehindSubAck = true
  }

  mutating func fail(_ number: Int?, _ status: ExitStatus, _ text: String) {
    guard let number, window.isOpen(number) else { return }
    window.close(number, .done)
    note(status, "request \(number): \(text)")
  }

  private mutating func expire() {
    guard let timeout else { return }
    let now = MonotonicClock.now()
    // All wait equally long, so the oldest is the first to be late.
    var number = window.first
    while let request = window[number], now >= request.made + timeout {
      fail(
        number, .timedOut,
        "no response within \(timeout.shortText)" + strayNote)
      number += 1
    }
  }

  // MARK: Answers

  private mutating func take(_ message: ReceivedMessage) throws(ClientFailure) {
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
  private mutating func printAnswers() throws(ClientFailure) {
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

  // MARK: The end

  /// Finishes handshakes that were begun, and disconnects.
  private mutating func leave() throws(ClientFailure) {
    try output.drain(&client)
    client.ignoreStop()
    let limit = MonotonicClock.now() + connecting.patienceAtTheEnd
    while !(client.session.isSettled && !client.session.awaitsRelease),
      MonotonicClock.now() < limit
    {
      client.session.releaseAcknowledgements()
      try client.flush()
      if try client.fill() {
        while let event = try client.nextEvent() { try handle(event) }
      } else {
        _ = try client.wait(until: limit)
      }
    }
    let properties = settings.properties[.disconnect] ?? .none
    do { try client.session.disconnect(Disconnect(.normalDisconnection, properties)) } catch {
      reporter.say("\(error)")
      try? client.session.disconnect()
    }
    // Every answer was printed: how the server closes is its own affair.
    try? client.finish(within: connecting.patienceAtTheEnd)
  }

  private mutating func note(_ status: ExitStatus, _ text: String) {
    reporter.say(text)
    failed = failed ?? status
  }
}
