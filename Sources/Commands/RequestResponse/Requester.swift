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
  var publication: Publication
  /// What the publication was made of.
  let properties: Properties
  let sealer: MessageSealer?
  let opener: MessageOpener?
  let subscription: Subscription
  var window: RequestWindow
  /// Nil when the first message on the response topic is the answer.
  let correlation: Correlation?
  /// The user's own.
  let fixedCorrelation: [UInt8]?
  let promisesText: Bool
  private let timeout: Duration?

  var isSubscribed = false
  /// What came together with SUBACK is looked at when the request is on its way.
  private var isBehindSubAck = false
  /// The server does not let us have responses.
  private var isRefused = false
  /// A response was refused, and that is to be the end.
  var hasGivenUp = false
  /// Requests before this one were handed to the socket.
  var unsent = 1
  /// Messages on the response topic that answered nothing.
  var strays = 0
  /// What the first failure makes the exit status.
  private var failed: ExitStatus?

  /// Output that is worth a system call of its own.
  static let block = 128 << 10
  private static let usualWindow = 100

  /// Connects.
  init(_ asked: Settings, _ reporter: Reporter) throws(Failure) {
    var settings = asked
    let topic: TopicName
    do { topic = try settings.oneTopic() } catch { throw Failure(.usage, error.text) }
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
    var reconnecting = Reconnecting(connecting, reporter)
    try reconnecting.awaitAcceptance(&client, persists: false)
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
    self.reconnecting = reconnecting
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
      do throws(ClientFailure) { try output.drain(&client) } catch {
        throw connecting.failure(error)
      }
      leave()
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

  // MARK: The end

  /// Finishes handshakes that were begun, and disconnects.  Every answer was printed: how the server ends it
  /// is its own affair.
  private mutating func leave() {
    client.ignoreStop()
    do throws(ClientFailure) { try settle() } catch { return client.abandon() }
    do { try client.session.disconnect(connecting.parting()) } catch {
      reporter.say("\(error)")
      try? client.session.disconnect()
    }
    try? client.finish(within: connecting.patienceAtTheEnd)
  }

  private mutating func settle() throws(ClientFailure) {
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
  }

  mutating func note(_ status: ExitStatus, _ text: String) {
    reporter.say(text)
    failed = failed ?? status
  }
}
