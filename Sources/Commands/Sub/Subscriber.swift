// `apus sub`: connect, subscribe, write what arrives, acknowledge what was written.  Where messages go to
// commands in place of standard output it is `--exec`, and `apus rr --serve`.

import Glibc
import MQTTClient
import MQTTProtocol
import MQTTSession
import Rendering
import Transport

/// One run of `apus sub` or `apus rr --serve`.
struct Subscriber: ~Copyable {
  private var settings: Settings { connecting.settings }
  let reporter: Reporter
  private let connecting: Connecting
  private var reconnecting: Reconnecting
  private var client: Client
  private var output: MessageOutput
  private var filter: MessageFilter

  private var written = 0
  private var requests: SubscriptionRequests
  private var refusals = 0
  /// The server has answered SUBSCRIBE once; before, it has so often closed the connection instead.
  private var hasSubscribed = false
  private var unanswered = 0
  /// When it is over unless a message comes (`--idle-timeout`).
  private var idleLimit: Instant?
  private var hasHeard = true
  private var removal: RetainedRemoval
  private var executor: Executor?
  private let opener: MessageOpener?
  private var refused: ExitStatus?
  private var end: End?

  /// As mosquitto_sub: refusals have no status, and say less.
  private let isDropIn: Bool
  /// What each message is held against.
  private let count: Int?
  private let removesRetained: Bool

  /// Why no more messages are wanted.
  private enum End { case done, timedOut, interrupted }

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
    do throws(ClientFailure) { try reconnecting.begin(&client, persists: true) } catch {
      client.abandon()
      throw Self.early(connecting.failure(error), settings.personality)
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

  /// Connects again, and subscribes unless the server has kept the session.
  private mutating func recover(from failure: ClientFailure) throws(ClientFailure) {
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
      reporter.say(error.text)
      refused = refused ?? error.status
      end = .done
    }
  }

  /// Below MQTT 5 some servers know no other way to refuse a subscription than to close the connection.
  private mutating func giveUp() {
    let filters = requests.all.map { "'\(SafeText.escaped($0.subscription.filter.bytes))'" }
    let isShared = requests.all.contains { $0.subscription.filter.isShared }
    reporter.say(
      "\(connecting.endpoint): the server closed the connection \(unanswered) times instead of "
        + "answering SUBSCRIBE: it may not allow \(filters.joined(separator: " or "))"
        + (isShared ? ", or not know shared subscriptions" : ""))
    refused = refused ?? .connectionLost
    end = .done
    client.close()
  }

  private static let mostUnanswered = 3

  // MARK: Subscribing

  private mutating func subscribe() throws(Failure) {
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

  private mutating func handle(_ event: Event) throws(ClientFailure) {
    switch event {
    case .message(let message): try take(message)
    case .subscribed(let answer): subscribed(answer)
    case .unsubscribed(let answer):
      if let code = answer.codes.first(where: { $0.isFailure }), !isDropIn {
        refused = refused ?? .refused(code.rawValue)
        reporter.say("unsubscribing refused by the server: \(code)")
      }
      if settings.subscribing.exitsAfterSubscribing, requests.isEmpty { end = .done }
    case .rejected(let answer):
      if isDropIn { break }
      refused = refused ?? .refused(answer.reason.rawValue)
      let what = executor == nil ? "removing a retained message" : "an answer"
      reporter.say("\(what) refused by the server: \(answer.reason)")
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
      reporter.say("\(topic): refused: \(error)")
      refused = refused ?? .notAuthentic
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

  private mutating func removeRetained() {
    do { try removal.publish(&client.session) } catch {
      refused = refused ?? Failure(error).status
      reporter.say("retained messages cannot be removed: \(error)")
    }
  }

  // MARK: The end

  /// Finishes what was begun, so that the server has no half of a handshake, and disconnects.
  private mutating func leave() throws(ClientFailure) {
    if end != .done { output.hurry(interrupted: end == .interrupted) }
    try finishOutput()
    try finishCommands(isConnected: true)
    // A second signal still ends it at once.
    client.ignoreStop()
    let limit = MonotonicClock.now() + patienceAtTheEnd
    removeRetained()
    while !isFinished, MonotonicClock.now() < limit {
      // What came together with the last message may be all that is missing.
      try passOver()
      removeRetained()
      try client.flush()
      if isFinished { break }
      if !(try client.fill()) { _ = try client.wait(until: limit) }
    }
    disconnect()
    // All is done: how the server closes is its own affair.
    try? client.finish(within: patienceAtTheEnd)
  }

  /// Who was told to end does not wait long for a server that is slow.
  private var patienceAtTheEnd: Duration {
    switch end {
    case .interrupted, .timedOut: min(connecting.patienceAtTheEnd, .milliseconds(400))
    case .done, nil: connecting.patienceAtTheEnd
    }
  }

  /// Where commands take the messages, it is they who say what is done.
  private mutating func finishOutput() throws(ClientFailure) {
    if executor != nil { return }
    try saveSeen()
    try output.finish(&client)
  }

  /// Before its acknowledgement leaves, a sealed message is remembered: it may not come twice.
  private mutating func saveSeen() throws(ClientFailure) {
    if opener == nil { return }
    try output.drain(&client)
    try opener?.save()
  }

  private mutating func disconnect() {
    let reason = isDropIn && end != .done ? ReasonCode.disconnectWithWill : .normalDisconnection
    let packet = Disconnect(reason, settings.properties[.disconnect] ?? .none)
    do { try client.session.disconnect(packet) } catch {
      if !isDropIn { reporter.say("\(error)") }
      client.session.disconnectWithoutExpiry(packet)
    }
  }

  /// Lets commands that run come to their end and sends their answers.  Once time is short, those that
  /// need too long are told to end.
  private mutating func finishCommands(isConnected: Bool) throws(ClientFailure) {
    if executor == nil { return }
    var limit = connecting.deadline
    if end != .done { limit = hurryCommands() }
    var signals = [SIGTERM, SIGKILL][...]
    while true {
      if isConnected { try passOver() }
      executor?.settle(&client.session)
      if isConnected { try client.flush() }
      if executor?.isIdle != false { return }
      do throws(ClientFailure) {
        var isLate = try client.attend(until: limit)
        if !isLate, isConnected, try client.fill() { continue }
        if !isLate { isLate = try client.wait(other: executor?.watch, until: limit).isLate }
        if !isLate { continue }
        if end == .done { end = .timedOut }
      } catch .interrupted {
        connecting.stop.rearm()
        if end == .done {
          end = .interrupted
          limit = hurryCommands()
          continue
        }
      }
      guard let signal = signals.popFirst() else { return }
      executor?.stop(by: signal)
      limit = MonotonicClock.now() + .seconds(1)
    }
  }

  /// - Returns: when the commands that run must have ended.
  private mutating func hurryCommands() -> Instant {
    executor?.close()
    return MonotonicClock.now()
      + (end == .timedOut ? connecting.patienceAtTheEnd : Executor.grace)
  }

  /// Handles what comes, but takes no message any more.
  private mutating func passOver() throws(ClientFailure) {
    while let event = try client.nextEvent() {
      if case .message(let message) = event {
        client.session.withholdAcknowledgement(of: message)
      } else {
        try handle(event)
      }
    }
  }

  /// Nothing that was begun waits for the server.
  private var isFinished: Bool {
    client.session.isSettled && !client.session.awaitsRelease && removal.isDone
  }
}
