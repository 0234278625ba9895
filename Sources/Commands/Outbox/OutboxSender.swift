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
  private var flight = OutboxFlight()
  private var link: OutboxLink
  private var usesQoS0 = false

  /// What the first message that was not taken makes the exit status.
  private(set) var refused: ExitStatus?
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
    link = OutboxLink(connecting.settings.connection)
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
        if message.progress == .waiting, !canCarry(message) {
          keepBackSealed(message.number)
          continue
        }
        let id = message.payload.withUnsafeBytes {
          client.session.restore(
            publication, message.progress == .dropped ? nil : $0, number: Int(message.number),
            isReceived: message.progress == .received)
        }
        guard let id else { continue }
        flight.resume(id, message)
      }
    }
  }

  // MARK: State

  /// Everything that was stored until now was delivered or is beyond it.
  var isDone: Bool {
    head == queue.count && client.session.isSettled && client.session.output.isEmpty
      && flight.settlement.isEmpty
      && (store.ledger.stored <= loadedThrough || store.ledger.remaining == 0)
  }

  var isDown: Bool { !link.isUp }
  var isHopeless: Bool { link.isHopeless }
  var isRefused: Bool { link.isRefused }
  var hasConnected: Bool { link.hasConnected }
  /// Why there is no connection.
  var failure: Failure? { link.failure }

  /// When `step` has to be called although nothing arrived.
  var due: Instant? {
    // What came may have made room for more.
    if link.isUp { return hasHeard ? .zero : nil }
    return isDone ? nil : link.due
  }

  /// Something came at the last step.
  private var hasHeard = false

  /// Tries to connect at once.
  func hasten() { link.hasten() }

  // MARK: Steps

  /// Connects where that is due, and sends and receives what can be without waiting.
  ///
  /// - Throws: a signal, and what is wrong with the outbox.
  func step() throws(Failure) {
    do throws(ClientFailure) {
      if let due = link.due, !isDone, MonotonicClock.now() >= due { try connect() }
      if link.isUp {
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
      // What keeps us from waiting without a connection would do so for ever.
      if !link.isUp { throw connecting.failure(error) }
      try lose(error)
      return false
    }
  }

  /// Puts on the disk what came, and leaves the broker.
  func end() throws(Failure) {
    try commit()
    if link.isUp, client.session.phase == .connected {
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
    link.giveUp()
  }

  private func connect() throws(ClientFailure) {
    limitWindow()
    connecting.beginRound(afterLossBy: link.beginAttempt())
    let connected = try connecting.connectAgain(&client)
    if hasConnected { reporter.say("connected again") }
    link.stand()
    lastProgress = MonotonicClock.now()
    let resumption = connected.resumption
    if resumption.renewed > 0 {
      reporter.say(
        "\(resumption.renewed.are("message")) sent again and may arrive twice: the server has not kept "
          + "the session")
    }
    if resumption.resent == 0 {
      // The session is lost, and PUBLISH is in the output: from now on PUBREL would be wrong.
      do throws(StoreFailure) { try store.reopen(flight.takeReceived()) } catch {
        return fail(error)
      }
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
      guard canCarry(message) else {
        keepBackSealed(message.number)
        head += 1
        continue
      }
      do throws(Refusal) {
        client.session.setNextNumber(Int(message.number))
        let id = try message.payload.withUnsafeBufferPointer { (bytes) throws(Refusal) in
          try client.session.publish(publication, UnsafeRawBufferPointer(bytes))
        }
        if let id { flight.begin(id, message.number) } else { usesQoS0 = true }
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
    flight.settlement.delivered += messages.filter { $0.qos == .atMostOnce }.map(\.number)
    try store.settle(flight.settlement, sentThrough: last)
    flight.settlement = Settlement()
    loadedThrough = last
    queue = messages
  }

  private func hasIdentifier(for number: Int64) -> Bool {
    flight.hasIdentifier(for: number, most: Session.mostNumbers) && client.session.canPublish
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
  private func keepBack(_ number: Int64, _ refusal: Refusal) {
    let why = connecting.failure(refusal)
    note(why.status, "message \(number) stays in the outbox: \(why.text)")
  }

  /// Below MQTT 5 there are no properties, and nobody opens an envelope without its head.
  private func canCarry(_ message: StoredMessage) -> Bool {
    settings.connection.version == .v5 || !message.decodedProperties.hasEnvelope
  }

  private func keepBackSealed(_ number: Int64) {
    note(
      .usage,
      "message \(number) stays in the outbox: it was sealed or signed for MQTT 5, which -V 5 sends")
  }

  private func keepBack(_ id: PacketID) {
    guard let number = flight.abandon(id) else { return }
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
    try store.settle(flight.settlement)
    flight.settlement = Settlement()
  }

  /// What is done may wait for the next commit, what is received may not.
  private func commitOrFail() {
    if flight.settlement.received.isEmpty, flight.settlement.delivered.count < Self.mostUnsettled,
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
    link.giveUp()
  }

  // MARK: Losses

  private func lose(_ error: ClientFailure) throws(Failure) {
    try commit()
    var why = connecting.failure(error)
    if case .transport(.tls) = error, !link.isUp { why.status = .unreachable }
    if case .interrupted = error {
      try? client.session.disconnect()
      client.abandon()
      link.giveUp()
      throw why
    }
    client.close()
    if link.isUp { lastProgress = MonotonicClock.now() }
    if link.lose(error, why), hasConnected { reporter.say(why.text) }
  }
}
