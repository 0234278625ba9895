// `apus sub`: connect, subscribe, write what arrives, acknowledge what was written.  Where messages go to
// commands in place of standard output it is `--exec`, and `apus rr --serve`.

import MQTTClient
import MQTTProtocol
import MQTTSession
import Rendering
import Transport

/// One run of `apus sub` or `apus rr --serve`.
struct Subscriber: ~Copyable {
  var settings: Settings { connecting.settings }
  let reporter: Reporter
  let connecting: Connecting
  var reconnecting: Reconnecting
  var client: Client
  var output: MessageOutput
  private var filter: MessageFilter

  private var written = 0
  var requests: SubscriptionRequests
  var refusals = 0
  /// The server has answered SUBSCRIBE once; before, it has so often closed the connection instead.
  var hasSubscribed = false
  var unanswered = 0
  /// When it is over unless a message comes (`--idle-timeout`).
  private var idleLimit: Instant?
  private var hasHeard = true
  var removal: RetainedRemoval
  var executor: Executor?
  let opener: MessageOpener?
  private var refused: ExitStatus?
  var end: End?

  /// As mosquitto_sub: refusals have no status, and say less.
  let isDropIn: Bool
  /// What each message is held against.
  private let count: Int?
  private let removesRetained: Bool

  /// Why no more messages are wanted.
  enum End { case done, timedOut, interrupted }

  /// Unacknowledged messages that an MQTT 5 server may send us.
  private static let receiveMaximum = 1000

  /// Connects.
  init(_ settings: Settings, _ reporter: Reporter) throws(Failure) {
    let deadline = Connecting.deadline(settings)
    let manners: StopSignals.Manners = settings.personality == .apus ? .usual : .mosquitto
    let stop = StopSignals.install(manners)
    let connecting = Connecting(settings, until: deadline, stop: stop)
    // No more than can be used, so that nothing is taken from the queue and then left unacknowledged.
    let most = settings.executing.command == nil ? Self.receiveMaximum : 2 * settings.jobs
    let wanted = min(settings.subscribing.count ?? most, most)
    let executor = try Executor(settings, reporter, until: deadline, stop: stop)
    let opener = try MessageOpener(settings, until: deadline, stop: stop)
    var client: Client
    do throws(Failure) { client = try connecting.open(receiveMaximum: wanted) } catch {
      throw Self.early(error, settings.personality)
    }
    var reconnecting = Reconnecting(connecting, reporter)
    do throws(Failure) { try reconnecting.awaitAcceptance(&client, persists: true) } catch {
      throw Self.early(error, settings.personality)
    }
    isDropIn = settings.personality != .apus
    count = settings.subscribing.count
    removesRetained = settings.subscribing.removesRetained
    removal = RetainedRemoval(settings)
    self.executor = executor
    self.opener = opener
    self.reporter = reporter
    self.connecting = connecting
    self.reconnecting = reconnecting
    self.client = client
    filter = MessageFilter(settings.subscribing)
    requests = SubscriptionRequests(settings)
    output = MessageOutput(settings, until: deadline)
  }

  /// A signal before the connection stands has a status of its own, and mosquitto's time-out too.
  private static func early(_ failure: Failure, _ personality: Personality) -> Failure {
    if personality != .apus, failure.status == .timedOut { return Failure(.interruptedEarly, "") }
    return failure.signal == nil ? failure : Failure(.interruptedEarly, failure.text)
  }

  /// Runs until enough messages came, the time is over, or a signal ends it.
  mutating func run() throws(Failure) -> ExitStatus {
    try subscribe()
    do throws(ClientFailure) {
      while end == nil {
        do throws(ClientFailure) { try turn() } catch { try recover(from: error) }
      }
      if client.isOpen {
        try leave()
      } else {
        try finishOutput()
        try finishCommands(isConnected: false)
      }
    } catch {
      // What arrived before is shown all the same.
      try? finishOutput()
      try? client.session.disconnect()
      client.abandon()
      try? finishCommands(isConnected: false)
      throw connecting.failure(error)
    }
    if end == .timedOut {
      var failure = connecting.failure(.timedOut)
      // That a message was refused is worse than that too few came.
      if refused == .notAuthentic { failure.status = .notAuthentic }
      throw failure
    }
    return refused ?? executor?.failed ?? .success
  }

  // MARK: Subscribing

  mutating func subscribe() throws(Failure) {
    do {
      try requests.send(&client.session, settings.properties[.subscribe] ?? .none)
      for filter in settings.subscribing.unsubscribe {
        _ = try client.session.unsubscribe(
          [filter], settings.properties[.unsubscribe] ?? .none)
      }
    } catch {
      try? client.session.disconnect()
      client.abandon()
      throw connecting.failure(error)
    }
  }

  private mutating func subscribed(_ answer: SubscriptionAck) {
    let asked = requests.answered(answer.packetID)
    hasSubscribed = true
    refusals += answer.codes.count { $0.isFailure }
    if isDropIn {
      if refusals == requests.count { reporter.say("All subscription requests were denied.") }
    } else {
      let report = SubscriptionReport(asked, answer, say: reporter.say)
      refused = refused ?? report.refused
    }
    if refusals == requests.count
      || settings.subscribing.exitsAfterSubscribing && requests.areAnswered
    {
      end = .done
    }
  }

  // MARK: The loop

  /// Takes in what there is, writes it out, acknowledges it, and waits when there is no more.
  private mutating func turn() throws(ClientFailure) {
    do throws(ClientFailure) {
      if try client.attend(until: connecting.deadline) {
        end = .timedOut
        return
      }
      // What is not welcome now stays in the input.
      var hasMore = !isWelcoming
      if !hasMore, try client.fill() {
        hasMore = !client.isDrained
        while end == nil {
          guard isWelcoming else {
            hasMore = true
            break
          }
          if let message = client.nextPlainMessage() {
            try take(message)
          } else {
            guard let event = try client.nextEvent() else { break }
            try handle(event)
          }
        }
      }
      try settle()
      removeRetained()
      try client.flush()
      if output.wasInterrupted { end = .interrupted }
      checkQuiet()
      if end == nil, !hasMore || !isWelcoming { try idle() }
    } catch .interrupted {
      end = .interrupted
      ignoreStop()
    }
  }

  private var isWelcoming: Bool { executor?.isWelcoming(client.session) ?? true }

  /// A second signal ends commands that run, or else this program.
  private mutating func ignoreStop() {
    if executor == nil { client.ignoreStop() } else { connecting.stop.rearm() }
  }

  private mutating func idle() throws(ClientFailure) {
    // Removals are acknowledged behind whatever the server had retained; a moment of quiet, for servers
    // that fetch it bit by bit, and that was all.
    let isLast = settings.subscribing.retainedOnly && removal.hasBegun && isFinished
    let quiet = isLast ? MonotonicClock.now() + Self.quiet : nil
    let limit = [connecting.deadline, quiet, idleLimit, output.due].compactMap { $0 }.min()
    let wakeup = try client.wait(other: executor?.watch, reading: isWelcoming, until: limit)
    guard wakeup.isLate else { return }
    if limit == connecting.deadline { end = .timedOut } else if limit == quiet { end = .done }
  }

  /// `--idle-timeout` counts from the last message, once it was written.
  private mutating func checkQuiet() {
    guard let patience = settings.subscribing.idleTimeout else { return }
    let now = MonotonicClock.now()
    if hasHeard || executor?.isIdle == false {
      idleLimit = now + .seconds(patience)
      hasHeard = false
    } else if let idleLimit, now >= idleLimit, end == nil {
      end = settings.subscribing.count == nil ? .done : .timedOut
    }
  }

  private static let quiet = Duration.milliseconds(500)

  mutating func handle(_ event: Event) throws(ClientFailure) {
    switch event {
    case .message(let message): try take(message)
    case .subscribed(let answer): subscribed(answer)
    case .unsubscribed(let answer):
      if let code = answer.codes.first(where: { $0.isFailure }), !isDropIn {
        note(.refused(code.rawValue), "unsubscribing refused by the server: \(code)")
      }
      if settings.subscribing.exitsAfterSubscribing, requests.isEmpty { end = .done }
    case .rejected(let answer):
      if isDropIn { break }
      let what = executor == nil ? "removing a retained message" : "an answer"
      note(.refused(answer.reason.rawValue), "\(what) refused by the server: \(answer.reason)")
    case .received, .acknowledged, .unmatched, .connected, .challenged: break
    }
  }

  private mutating func take(_ message: ReceivedMessage) throws(ClientFailure) {
    if removal.isEcho(message) { return }
    switch filter.verdict(on: message) {
    case .pass: break
    case .skip: return
    case .end:
      client.session.withholdAcknowledgement(of: message)
      end = .done
      return
    }
    hasHeard = true
    if let opener {
      guard let opened = open(message, by: opener) else { return }
      try show(opened)
    } else {
      try show(message)
    }
  }

  /// - Returns: nil for a message that is refused.
  private mutating func open(
    _ message: ReceivedMessage, by opener: MessageOpener
  ) -> ReceivedMessage? {
    do { return try opener.open(message) } catch {
      let topic = SafeText.escaped(message.topic)
      if error.isHarmless {
        reporter.say("\(topic): passed over: \(error)")
        return nil
      }
      note(.notAuthentic, "\(topic): refused: \(error)")
      if opener.isStrict { end = .done }
      return nil
    }
  }

  private mutating func show(_ message: ReceivedMessage) throws(ClientFailure) {
    if executor != nil {
      if filter.isLucky(), executor?.take(message, client.session) == false { return }
    } else if filter.isLucky() {
      if let problem = try output.append(message, &client) {
        let topic = SafeText.escaped(message.topic)
        reporter.say(isDropIn ? problem.inMosquittosWords(topic: topic) : "\(topic): \(problem)")
      } else if removesRetained {
        removal.add(message)
      }
      // With `-d` messages and packets stand in their order.
      if isDropIn, settings.showsDebug { try output.drain(&client) }
    }
    written += 1
    if written == count { end = .done }
  }

  /// Only what was written, or whose command has ended, is acknowledged.
  private mutating func settle() throws(ClientFailure) {
    if executor != nil {
      try opener?.save()
      executor?.settle(&client.session)
      if executor?.isStuck == true, end == nil { end = .done }
      return
    }
    try saveSeen()
    try output.settle(&client)
    try client.flush()
  }

  mutating func removeRetained() {
    do { try removal.publish(&client.session) } catch {
      note(Failure(error).status, "retained messages cannot be removed: \(error)")
    }
  }

  /// What goes wrong without ending the run, in words and as the exit status.
  mutating func note(_ status: ExitStatus, _ text: String) {
    reporter.say(text)
    refused = refused ?? status
  }
}
