// From an outbox to the broker: what the one process does that sends.

import MQTTClient
import MQTTProtocol
import MQTTSession
import Outbox
import Transport

/// Delivers what an outbox holds, a step at a time, over as many connections as it takes.
///
/// A message's number chooses its packet identifier, so that it has the same one in every process.  At
/// QoS 2 three things are on the disk before the next packet leaves: that the message may have been sent,
/// that PUBREC came (then PUBREL is sent, whatever happens, and never the message again), and that it is
/// done (then another message may have its identifier).  MQTT 5 §4.3.3, §4.4.
final class OutboxSender {
  private let store: MessageStore
  private let lock: SenderLock
  private let connecting: Connecting
  private let reporter: Reporter
  private var client: Client
  private var settings: Settings { connecting.settings }

  /// Messages that may leave, the next one at `head`.
  private var queue: [StoredMessage] = []
  private var head = 0
  /// Messages up to this number were in the queue or in flight.
  private var loadedThrough: Int64
  private var numbers: [PacketID: Int64] = [:]
  /// Of these, what PUBREC came for.
  private var received: Set<Int64> = []
  /// Of these, what is not to be delivered any more.
  private var dropped: Set<Int64> = []
  /// No number in flight is below.
  private var oldest: Int64 = 0
  private var settlement = Settlement()

  private var link = Link.down(until: .zero)
  private let backoff: Backoff
  private var attempts = 0
  private var usesQoS0 = false
  /// What ended the last connection, for the choice of the next server.
  private var lossToTell: ClientFailure?

  private enum Link: Equatable {
    /// The next attempt is due then.
    case down(until: Instant)
    case up
    /// No further attempt.
    case hopeless
  }

  /// What the first message that was not taken makes the exit status.
  private(set) var refused: ExitStatus?
  /// Why there is no connection.
  private(set) var failure: Failure?
  /// There was a connection.
  private(set) var hasConnected = false
  /// When something last went on: a message stored or acknowledged, a connection lost.
  var lastProgress = MonotonicClock.now()

  /// Output that is worth a system call of its own.
  private static let block = 128 << 10
  /// Messages that were acknowledged and may wait for a commit.
  private static let mostUnsettled = 200

  /// - Throws: when the outbox is damaged.
  init(
    _ store: MessageStore, _ lock: SenderLock, _ connecting: Connecting, _ reporter: Reporter
  ) throws(StoreFailure) {
    self.store = store
    self.lock = lock
    self.connecting = connecting
    self.reporter = reporter
    let connection = connecting.settings.connection
    backoff = Backoff(
      first: .seconds(connection.reconnectDelay), ceiling: .seconds(connection.reconnectMax),
      isSpread: true)
    try store.check()
    let expired = try store.removeExpired()
    if expired > 0 { reporter.say("\(expired.counted) dropped: past their time") }
    try store.refresh()
    loadedThrough = store.ledger.sentThrough
    client = connecting.unopenedClient(receiveMaximum: nil)
    client.session.reportsReceipt = true
    try restore()
  }

  /// Puts back in flight what an earlier run may have sent.
  private func restore() throws(StoreFailure) {
    var last: Int64 = 0
    while true {
      let messages = try store.messages(after: last, through: loadedThrough)
      guard let end = messages.last?.number else { return }
      last = end
      for message in messages where loadedThrough - message.number < Int64(Session.mostNumbers) {
        guard let publication = publication(for: message) else { continue }
        let id = message.payload.withUnsafeBytes {
          client.session.restore(
            publication, message.progress == .dropped ? nil : $0, number: Int(message.number),
            isReceived: message.progress == .received)
        }
        guard let id else { continue }
        noteInFlight(id, message.number)
        if message.progress == .received { received.insert(message.number) }
        if message.progress == .dropped { dropped.insert(message.number) }
      }
    }
  }

  // MARK: State

  /// Everything that was stored until now was delivered or is beyond it.
  var isDone: Bool {
    head == queue.count && client.session.isSettled && client.session.output.isEmpty
      && settlement.isEmpty
      && (store.ledger.stored <= loadedThrough || store.ledger.remaining == 0)
  }

  var isDown: Bool { link != .up }
  var isHopeless: Bool { link == .hopeless }
  /// The broker has judged: another attempt would end like the last one.
  private(set) var isRefused = false

  /// When `step` has to be called although nothing arrived.
  var due: Instant? {
    switch link {
    case .down(let due): isDone ? nil : due
    // What came may have made room for more.
    case .up: hasHeard ? .zero : nil
    case .hopeless: nil
    }
  }

  /// Something came at the last step.
  private var hasHeard = false

  /// Tries to connect at once.
  func hasten() {
    if case .down = link { link = .down(until: .zero) }
  }

  // MARK: Steps

  /// Connects where that is due, and sends and receives what can be without waiting.
  ///
  /// - Throws: a signal, and what is wrong with the outbox.
  func step() throws(Failure) {
    do throws(ClientFailure) {
      if case .down(let due) = link, !isDone, MonotonicClock.now() >= due { try connect() }
      if link == .up {
        _ = try client.attend(until: nil)
        try exchange()
      }
    } catch {
      try lose(error)
    }
  }

  /// Waits for the connection, for `other`, or until `limit`.
  ///
  /// - Returns: true when `other` is ready.
  func wait(other: Watch?, until limit: Instant?) throws(Failure) -> Bool {
    do throws(ClientFailure) { return try client.wait(other: other, until: limit).other } catch {
      try lose(error)
      return false
    }
  }

  /// Puts on the disk what came, and leaves the broker.
  func end() throws(Failure) {
    try commit()
    if link == .up, client.session.phase == .connected {
      try? client.session.disconnect(
        Disconnect(.normalDisconnection, settings.properties[.disconnect] ?? .none))
      let ending: Client.Ending =
        !usesQoS0 ? .sent : settings.connection.version < .v5 ? .delivered : .closed
      do { try client.finish(when: ending, within: connecting.patienceAtTheEnd) } catch {
        // Above QoS 0 all that counts was acknowledged and noted.
        if usesQoS0 {
          note(.connectionLost, "messages at QoS 0 that were on their way may be lost")
        }
      }
    }
    client.close()
    link = .hopeless
  }

  private func connect() throws(ClientFailure) {
    limitWindow()
    attempts += 1
    connecting.beginRound(afterLossBy: lossToTell)
    lossToTell = nil
    let connected = try connecting.connectAgain(&client)
    link = .up
    failure = nil
    if hasConnected { reporter.say("connected again") }
    hasConnected = true
    lastProgress = MonotonicClock.now()
    let resumption = connected.resumption
    if resumption.renewed > 0 {
      reporter.say(
        "\(resumption.renewed) messages are sent again and may arrive twice: the server has not kept "
          + "the session")
    }
    if resumption.resent == 0 {
      // The session is lost, and PUBLISH is in the output: from now on PUBREL would be wrong.
      do throws(StoreFailure) { try store.reopen(received) } catch { return fail(error) }
      received = []
    }
    for id in resumption.abandoned { keepBack(id) }
  }

  /// Below MQTT 5 mosquitto drops what exceeds its limit without a word: see `Inquiry`.
  private func limitWindow() {
    guard settings.connection.window == nil, settings.connection.version < .v5, !hasConnected
    else { return }
    var window = Inquiry.cautious
    if store.ledger.remaining > window, settings.connection.userName == nil {
      var inquiry = Inquiry(connecting)
      inquiry.end()
      window = inquiry.receiveMaximum
    }
    client.session.limitWindow(to: window)
  }

  private func exchange() throws(ClientFailure) {
    try publish()
    commitOrFail()
    try client.flush()
    hasHeard = try client.fill()
    if !hasHeard { return }
    while let event = try client.nextEvent() { handle(event) }
    // PUBREL is in the output, and leaves only now.
    commitOrFail()
    try client.flush()
  }

  private func publish() throws(ClientFailure) {
    while client.session.output.count < Self.block {
      if head == queue.count {
        guard client.session.canPublish else { return }
        do throws(StoreFailure) { try load() } catch { return fail(error) }
      }
      guard head < queue.count else { return }
      let message = queue[head]
      if message.qos != .atMostOnce, !hasIdentifier(for: message.number) { return }
      guard let publication = publication(for: message) else {
        head += 1
        continue
      }
      do throws(Refusal) {
        client.session.setNextNumber(Int(message.number))
        let id = try message.payload.withUnsafeBufferPointer { (bytes) throws(Refusal) in
          try client.session.publish(publication, UnsafeRawBufferPointer(bytes))
        }
        if let id { noteInFlight(id, message.number) } else { usesQoS0 = true }
      } catch .windowFull {
        return
      } catch {
        keepBack(message.number, error)
      }
      head += 1
    }
  }

  /// Takes messages from the outbox, and notes that they may be sent.  At QoS 0 they are gone from it:
  /// none arrives twice.
  private func load() throws(StoreFailure) {
    queue.removeAll(keepingCapacity: true)
    head = 0
    try store.refresh()
    var messages = try store.messages(after: loadedThrough, through: store.ledger.stored)
    guard let last = messages.last?.number else {
      loadedThrough = max(loadedThrough, store.ledger.stored)
      return
    }
    let now = MessageStore.now()
    if messages.contains(where: { $0.isExpired(at: now) }) {
      let count = try store.removeExpired()
      reporter.say("\(count.counted) dropped: past their time")
      messages.removeAll { $0.isExpired(at: now) }
    }
    settlement.delivered += messages.filter { $0.qos == .atMostOnce }.map(\.number)
    try store.settle(settlement, sentThrough: last)
    settlement = Settlement()
    loadedThrough = last
    queue = messages
  }

  /// No message in flight has the packet identifier that belongs to this number.
  private func hasIdentifier(for number: Int64) -> Bool {
    if number - oldest < Int64(Session.mostNumbers) { return client.session.canPublish }
    oldest = numbers.values.min() ?? number
    return number - oldest < Int64(Session.mostNumbers) && client.session.canPublish
  }

  private func noteInFlight(_ id: PacketID, _ number: Int64) {
    if numbers.isEmpty { oldest = number }
    numbers[id] = number
  }

  private func publication(for message: StoredMessage) -> Publication? {
    guard let topic = try? TopicName(message.topic) else { return nil }
    var properties = message.decodedProperties
    if let interval = properties.number(.messageExpiryInterval) {
      // MQTT 5 §3.3.2.3.3: less the time that it waited.
      let waited = max(0, MessageStore.now() - message.storedAt) / 1000
      let rest = UInt32(clamping: max(1, Int64(interval) - waited))
      properties.set(Property(.messageExpiryInterval, rest))
    }
    return Publication(
      topic: topic, qos: message.qos, retain: message.retain, properties: properties,
      settings.connection.version)
  }

  // MARK: What the broker says

  private func handle(_ event: Event) {
    lastProgress = MonotonicClock.now()
    attempts = 0
    switch event {
    case .received(let id): noteReceived(id)
    case .acknowledged(let id): finish(id) { $0.delivered.append($1) }
    case .unmatched(let id):
      if client.session.isInFlight(id) {
        noteReceived(id)
      } else {
        finish(id) { $0.delivered.append($1) }
      }
    case .rejected(let answer):
      let number = numbers[answer.packetID] ?? 0
      finish(answer.packetID) { $0.refused.append($1) }
      note(
        .refused(answer.reason.rawValue),
        "message \(number) refused by the server and taken out of the outbox: \(answer.reason)"
          + Failure.explanation(answer.properties))
    case .connected, .message, .subscribed, .unsubscribed, .challenged: break
    }
  }

  private func noteReceived(_ id: PacketID) {
    guard let number = numbers[id] else { return }
    settlement.received.append(number)
    received.insert(number)
  }

  private func finish(_ id: PacketID, _ note: (inout Settlement, Int64) -> Void) {
    guard let number = numbers.removeValue(forKey: id) else { return }
    received.remove(number)
    if dropped.remove(number) != nil {
      settlement.dropped.append(number)
    } else {
      note(&settlement, number)
    }
  }

  /// What this server does not take stays in the outbox: another may, or this one later.
  private func keepBack(_ number: Int64, _ refusal: Refusal) {
    let why = connecting.failure(refusal)
    note(why.status, "message \(number) stays in the outbox: \(why.text)")
  }

  private func keepBack(_ id: PacketID) {
    guard let number = numbers.removeValue(forKey: id) else { return }
    received.remove(number)
    // With the session the server has lost the identifier too.
    if dropped.remove(number) != nil { return settlement.dropped.append(number) }
    note(
      .notSupported, "message \(number) stays in the outbox: the server does not take it any more")
  }

  private func note(_ status: ExitStatus, _ text: String) {
    reporter.say(text)
    if refused == nil { refused = status }
  }

  // MARK: The disk

  private var storeFailure: StoreFailure?

  private func commit() throws(Failure) {
    if let storeFailure { throw Failure(storeFailure, store.folder, holding: lock) }
    do throws(StoreFailure) { try settle() } catch {
      throw Failure(error, store.folder, holding: lock)
    }
  }

  private func settle() throws(StoreFailure) {
    try store.settle(settlement)
    settlement = Settlement()
  }

  /// What is done may wait for the next commit, what is received may not.
  private func commitOrFail() {
    if settlement.received.isEmpty, settlement.delivered.count < Self.mostUnsettled,
      !client.session.isSettled || head < queue.count
    {
      return
    }
    do throws(StoreFailure) { try settle() } catch { return fail(error) }
  }

  /// Nothing may leave any more that is not noted.
  private func fail(_ error: StoreFailure) {
    storeFailure = error
    client.close()
    link = .hopeless
  }

  // MARK: Losses

  private func lose(_ error: ClientFailure) throws(Failure) {
    try commit()
    let why = connecting.failure(error)
    if case .interrupted = error {
      try? client.session.disconnect()
      client.abandon()
      link = .hopeless
      throw why
    }
    client.close()
    if link == .up {
      lastProgress = MonotonicClock.now()
      lossToTell = error
    }
    if why.text != failure?.text, hasConnected { reporter.say(why.text) }
    failure = why
    isRefused = !error.mayPass
    guard error.mayPass, attempts < settings.connection.retries ?? .max else {
      link = .hopeless
      return
    }
    let delay = backoff.delay(before: max(1, attempts), chance: .random(in: 0..<1))
    link = .down(until: MonotonicClock.now() + delay)
  }
}

extension Failure {
  /// A damaged outbox is put where nobody writes to it.
  ///
  /// - Parameter lock: ours, if we have it.
  init(_ failure: StoreFailure, _ folder: OutboxFolder, holding lock: SenderLock? = nil) {
    var text = "\(failure)"
    if case .damaged = failure {
      text +=
        folder.setAside(holding: lock).map {
          "; it is set aside as \($0), and the next run begins a new one"
        }
        ?? "; it stays where it is, since another apus uses it"
    }
    self.init(.notStored, text)
  }
}
