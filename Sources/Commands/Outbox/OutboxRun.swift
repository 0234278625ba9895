// `apus pub --outbox` and `apus outbox flush`: store, then deliver.

import MQTTClient
import MQTTProtocol
import Outbox
import Transport

/// One run with an outbox.  It stores what there is to publish, and delivers what is in the outbox, or
/// waits for the process that does.
final class OutboxRun {
  private let settings: Settings
  private let reporter: Reporter
  private let store: MessageStore
  private let stop: StopSignals
  private let connecting: Connecting
  /// Nil for `flush`, which stores nothing.
  private var intake: OutboxIntake?
  private var sender: OutboxSender?
  /// When something last went on.
  private var lastProgress = MonotonicClock.now()
  private var lastDelivered: Int64 = 0

  /// Seconds without progress after which nobody waits any longer, unless `-W` says.
  private static let patience = 15.0
  /// How often to look whether another process has delivered our messages, or has ended.
  private static let pause = Duration.milliseconds(20)

  /// - Parameter options: what the outbox shall remember; nil for `flush`.
  init(
    _ given: Settings, _ reporter: Reporter, remembering options: RememberedOptions?
  ) throws(Failure) {
    let folder = OutboxFolder(given.outboxing.path ?? "")
    let stop = StopSignals.install()
    let deadline = Connecting.deadline(given)
    do throws(StoreFailure) {
      store = try MessageStore(folder, creating: options != nil)
      if let options {
        if options.bytes != store.ledger.options, !options.leftOut.isEmpty {
          let names = options.leftOut.map(\.shown).joined(separator: ", ")
          reporter.say(
            "the outbox does not keep the secret of \(names): 'apus outbox flush' needs it")
        }
        try store.remember(options: options.bytes)
      }
    } catch { throw Failure(error, folder) }
    var settings = given
    settings.connection.cleanStart = false
    settings.connection.connectTimeout = min(given.connection.connectTimeout, Self.patience)
    if settings.connection.clientID == nil {
      settings.connection.clientID = try? UTF8String(store.ledger.clientID)
    }
    self.settings = settings
    self.reporter = reporter
    self.stop = stop
    connecting = Connecting(settings, until: deadline, stop: stop)
    if options != nil {
      intake = try OutboxIntake(settings, reporter, store, until: deadline, stop: stop)
    }
  }

  func run() throws(Failure) -> ExitStatus {
    do throws(Failure) { try deliver() } catch {
      var failure = error
      if let stored = intake?.stored { failure.text += "; \(stored.counted) stored" }
      try? sender?.end()
      throw failure
    }
    try sender?.end()
    return try verdict()
  }

  // MARK: Work

  private func deliver() throws(Failure) {
    while true {
      try storeAvailable()
      try takeTurn()
      try sender?.step()
      if try isOver() { return }
      try wait()
    }
  }

  private func storeAvailable() throws(Failure) {
    let before = intake?.stored
    try intake?.storeAvailable()
    if intake?.stored != before {
      lastProgress = MonotonicClock.now()
      // The last of the input: an attempt that waits for its time shall not keep us.
      if intake?.isFinished == true { sender?.hasten() }
    }
  }

  /// Becomes the one that sends, where nobody is.
  private func takeTurn() throws(Failure) {
    guard sender == nil, hasWork else { return }
    var lock: SenderLock?
    do throws(StoreFailure) {
      lock = try store.folder.lockForSending()
      guard let lock else { return }
      sender = try OutboxSender(store, lock, connecting, reporter)
    } catch { throw Failure(error, store.folder, holding: lock) }
  }

  private var hasWork: Bool {
    if let intake { intake.numbers != nil } else { store.ledger.remaining > 0 }
  }

  private func isOver() throws(Failure) -> Bool {
    if intake?.isFinished == false { return try isLate(patience: nil) }
    if let sender {
      if sender.isDone || sender.isHopeless { return true }
      if sender.isDown, !sender.hasConnected, sender.failure != nil, settings.timeout == nil {
        return true
      }
      lastProgress = max(lastProgress, sender.lastProgress)
    } else {
      do throws(StoreFailure) {
        if let numbers = intake?.numbers, !(try store.holds(numbers)) { return true }
        try store.refresh()
        guard hasWork, settings.outboxing.waits else { return true }
      } catch { throw Failure(error, store.folder) }
      if store.ledger.delivered != lastDelivered { lastProgress = MonotonicClock.now() }
      lastDelivered = store.ledger.delivered
    }
    return try isLate(patience: .seconds(Self.patience))
  }

  private func isLate(patience: Duration?) throws(Failure) -> Bool {
    let now = MonotonicClock.now()
    if let deadline = connecting.deadline {
      guard now >= deadline else { return false }
      if intake?.isFinished == false { throw connecting.failure(.timedOut) }
      return true
    }
    return patience.map { now >= lastProgress + $0 } ?? false
  }

  private func wait() throws(Failure) {
    let watch = intake?.watch
    var limits = [sender?.due, connecting.deadline].compactMap { $0 }
    if intake?.isFinished != false {
      limits.append(lastProgress + .seconds(Self.patience))
      if sender == nil { limits.append(MonotonicClock.now() + Self.pause) }
    } else if sender == nil, hasWork {
      limits.append(MonotonicClock.now() + Self.pause)
    }
    let isReady: Bool
    if let sender {
      isReady = try sender.wait(other: watch, until: limits.min())
    } else {
      let ready: Watches.Ready
      do { ready = try Watches(other: watch).wait(until: limits.min(), stop: stop) } catch {
        throw connecting.failure(.transport(error))
      }
      if let signal = ready.signal { throw connecting.failure(.interrupted(signal: signal)) }
      isReady = ready.other
    }
    if isReady { try intake?.read() }
  }

  // MARK: The end

  private func verdict() throws(Failure) -> ExitStatus {
    var isOwnLeft = false
    do throws(StoreFailure) {
      try store.refresh()
      if let numbers = intake?.numbers { isOwnLeft = try store.holds(numbers) }
    } catch { throw Failure(error, store.folder) }
    let left = Int(store.ledger.remaining)
    if left > 0, isOwnLeft || intake == nil {
      let verb = left == 1 ? "is" : "are"
      let why = sender?.failure.map { ": \($0.text)" } ?? ""
      reporter.say("\(left.counted) \(verb) queued in \(store.folder.path)\(why)")
    }
    if let refused = intake?.refused ?? sender?.refused { return refused }
    // A broker that says no will say so again: that is no matter of time.
    if let failure = sender?.failure, sender?.isRefused == true { return failure.status }
    if intake == nil { return left > 0 ? .queued : .success }
    return isOwnLeft && settings.outboxing.requiresDelivery ? .queued : .success
  }
}

extension Int {
  /// `1 message`, `2 messages`.
  var counted: String { self == 1 ? "1 message" : "\(self) messages" }
}
