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
  let connecting: Connecting
  let reporter: Reporter
  var client: Client
  private var settings: Settings { connecting.settings }
  private var version: ProtocolVersion { settings.connection.version }

  private var queue: OutboxQueue
  var flight = OutboxFlight()
  var link: OutboxLink
  private var usesQoS0 = false

  /// What the first message that was not taken makes the exit status.
  var refused: ExitStatus?
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
    queue = OutboxQueue(loadedThrough: store.ledger.sentThrough)
    client = connecting.unopenedClient(receiveMaximum: nil)
    client.session.reportsReceipt = true
    try restore()
  }

  /// Puts back in flight what an earlier run may have sent.
  private func restore() throws(StoreFailure) {
    var last: Int64 = 0
    let through = queue.loadedThrough
    while true {
      let messages = try store.messages(after: last, through: through)
      guard let end = messages.last?.number else { return }
      last = end
      for message in messages where through - message.number < Int64(Session.mostNumbers) {
        guard let publication = message.publication(version) else { continue }
        if message.progress == .waiting, !message.canTravel(version) {
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
    queue.isEmpty && client.session.isSettled && client.session.output.isEmpty
      && flight.settlement.isEmpty
      && (store.ledger.stored <= queue.loadedThrough || store.ledger.remaining == 0)
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
      try? client.session.disconnect(connecting.parting())
      let ending: Client.Ending =
        !usesQoS0 ? .sent : version < .v5 ? .delivered : .closed
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
    guard settings.connection.window == nil, version < .v5, !hasConnected
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
      if queue.isEmpty {
        guard client.session.canPublish else { return }
        do throws(StoreFailure) { try load() } catch { return fail(error) }
      }
      guard let message = queue.first else { return }
      if message.qos != .atMostOnce, !hasIdentifier(for: message.number) { return }
      guard let publication = message.publication(version) else {
        queue.removeFirst()
        continue
      }
      guard message.canTravel(version) else {
        keepBackSealed(message.number)
        queue.removeFirst()
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
      queue.removeFirst()
    }
  }

  private func load() throws(StoreFailure) {
    let expired = try queue.load(store, &flight.settlement)
    if expired > 0 { reporter.say("\(expired.counted) dropped: past their time") }
  }

  private func hasIdentifier(for number: Int64) -> Bool {
    flight.hasIdentifier(for: number, most: Session.mostNumbers) && client.session.canPublish
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
      !client.session.isSettled || !queue.isEmpty
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
