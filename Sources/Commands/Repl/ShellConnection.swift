// One of the shell's connections: it never blocks, and comes back after a loss.

import MQTTClient
import MQTTProtocol
import MQTTSession
import Transport

/// A client, the way to its broker, and what it is subscribed to.
final class ShellConnection {
  /// Of all that the shell has had.
  let id: Int
  let name: String
  let settings: Settings
  private let connecting: Connecting
  private var reconnecting: Reconnecting
  var client: Client
  unowned let observer: any ShellConnectionObserver

  private(set) var state = State.closed
  /// Since when.
  private(set) var since = MonotonicClock.now()
  /// Why it is closed, if not because somebody asked.
  private(set) var failure: Failure?
  /// Of the last CONNACK.
  private(set) var connAck: ConnAck?
  /// Where it is, or was last.
  private(set) var endpoint: Endpoint
  private var loss: ClientFailure?
  private(set) var hasStood = false
  /// What takes no more of its messages, and since when.
  private(set) var heldUp: (by: String, since: Instant)?

  var subscriptions = ShellSubscriptions()
  let topics = TopicTable()
  private(set) var traffic = Traffic()
  /// Where answers to requests are expected.
  var responseTopic: ResponseTopic?
  /// Hears messages before they are shown; true for one that is not to be.
  var interceptor: ((ReceivedMessage) -> Bool)?
  var answers = ShellAnswers()

  /// Where a connection stands on its way.
  enum State {
    /// The network connection is made.
    case dialing(ShellDialing)
    /// CONNACK has not come.
    case opening
    case connected
    /// Lost; the next attempt begins then.
    case waiting(until: Instant)
    case closed
  }

  /// Unacknowledged messages that an MQTT 5 server may send us.
  private static let receiveMaximum = 1000
  /// Blocks of input that are taken in before others have their turn.
  private static let mostBlocks = 4

  init(
    _ id: Int, _ name: String, _ settings: Settings, stop: StopSignals,
    observer: any ShellConnectionObserver
  ) {
    self.id = id
    self.name = name
    self.settings = settings
    self.observer = observer
    connecting = Connecting(settings, until: nil, stop: stop)
    reconnecting = Reconnecting(connecting, Reporter(command: nil))
    client = connecting.unopenedClient(receiveMaximum: Self.receiveMaximum)
    // The shell hears the signals.
    client.ignoreStop()
    endpoint = connecting.endpoint
  }

  var version: ProtocolVersion { settings.connection.version }

  var isConnected: Bool { if case .connected = state { true } else { false } }
  private var isDialing: Bool { if case .dialing = state { true } else { false } }
  var isClosed: Bool { if case .closed = state { true } else { false } }

  // MARK: Beginning and end

  func open() {
    connecting.beginTurn()
    dial()
  }

  /// Leaves with DISCONNECT where there is a connection.
  func leave() {
    if isConnected {
      let packet = connecting.parting()
      do { try client.session.disconnect(packet) } catch {
        client.session.disconnectWithoutExpiry(packet)
      }
      try? client.finish(within: Self.patience)
    }
    close(nil)
  }

  private static let patience = Duration.seconds(1)

  private func close(_ failure: Failure?) {
    client.close()
    answers.lose()
    self.failure = failure
    enter(.closed)
  }

  private func enter(_ state: State) {
    self.state = state
    since = MonotonicClock.now()
    observer.changed(self)
  }

  // MARK: Waiting

  /// What to wait for.
  ///
  /// - Parameter reading: false while messages cannot be taken.
  func waiting(reading: Bool) -> (socket: Watch?, due: Instant?) {
    switch state {
    case .closed: return (nil, nil)
    case .waiting(let due): return (nil, due)
    case .dialing(let dialing): return (dialing.watch, nil)
    case .opening:
      let (socket, due) = client.waiting(reading: true)
      return (socket, [due, connecting.limit].compactMap { $0 }.min())
    case .connected: return client.waiting(reading: reading)
    }
  }

  /// Does what can be done without waiting.
  func step(reading: Bool) {
    do throws(ClientFailure) {
      switch state {
      case .closed: return
      case .waiting(let due):
        if MonotonicClock.now() < due { return }
        connecting.beginRound(afterLossBy: loss)
        loss = nil
        dial()
      case .dialing(let dialing):
        guard let reached = dialing.take() else { return }
        let stream = try reached.get()
        enter(.opening)
        endpoint = connecting.endpoint
        try connecting.logInAgain(&client, over: stream)
        try client.flush()
      case .opening:
        let patience = connecting.limit - since
        if try client.attend(until: connecting.limit) {
          throw .noAnswer(to: "CONNECT", within: patience)
        }
        try exchange()
      case .connected:
        _ = try client.attend(until: nil)
        if reading { try exchange() } else { try client.flush() }
      }
    } catch {
      fail(error)
    }
  }

  private func exchange() throws(ClientFailure) {
    try client.flush()
    for _ in 0..<Self.mostBlocks {
      guard try client.fill() else { break }
      while let event = try client.nextEvent() { handle(event) }
      client.session.releaseAcknowledgements()
      try client.flush()
      if client.isDrained || isClosed { break }
    }
  }

  private func handle(_ event: Event) {
    switch event {
    case .message(let message):
      let now = MonotonicClock.now()
      traffic.addArrival(message.topic.count + message.payload.count, at: now)
      topics.add(message, at: now)
      observer.received(message, on: self)
    case .connected(let connAck, _): stand(connAck)
    case .acknowledged(let id): answers.take(.acknowledged, to: id)
    case .unmatched(let id): answers.take(.unmatched, to: id)
    case .rejected(let packet): answers.take(.rejected(packet), to: packet.packetID)
    case .subscribed(let packet), .unsubscribed(let packet):
      if let report = subscriptions.renewed(packet) { observer.tell(report, about: self) }
      answers.take(.subscription(packet), to: packet.packetID)
    case .received, .challenged: break
    }
  }

  /// - Returns: the packet identifier; nil at QoS 0.
  func publish(_ publication: Publication, _ payload: [UInt8]) throws(Refusal) -> PacketID? {
    let id = try payload.withUnsafeBufferPointer { (bytes) throws(Refusal) in
      try client.session.publish(publication, UnsafeRawBufferPointer(bytes))
    }
    traffic.addPublished(at: MonotonicClock.now())
    return id
  }

  /// - Parameter name: nil when there is room again.
  func setHeldUp(by name: String?) {
    if heldUp?.by != name { heldUp = name.map { ($0, MonotonicClock.now()) } }
  }

  // MARK: Coming and going

  private func dial() {
    do throws(TransportError) { enter(.dialing(try ShellDialing(connecting))) } catch {
      fail(.transport(error))
    }
  }

  private func stand(_ connAck: ConnAck) {
    connecting.setStanding()
    self.connAck = connAck
    endpoint = connecting.endpoint
    let notice = reconnecting.cameBack()
    if hasStood { observer.tell(notice, about: self) }
    hasStood = true
    enter(.connected)
    do throws(Refusal) {
      if connAck.sessionPresent {
        try subscriptions.endHeld(&client.session)
      } else {
        try subscriptions.renew(&client.session)
      }
    } catch {
      observer.tell("subscribing again: \(error)", about: self)
    }
  }

  private func fail(_ error: ClientFailure) {
    if case .opening = state, connecting.turnToNext(after: error) {
      client.close()
      return dial()
    }
    endpoint = connecting.endpoint
    let wasConnected = isConnected
    guard hasStood else { return close(firstFailure(error)) }
    client.close()
    answers.lose()
    if wasConnected {
      reconnecting.settle()
      loss = error
    }
    if error.isInterruption {
      // What the signal meant was another thing.
      return enter(.waiting(until: MonotonicClock.now() + .seconds(1)))
    }
    guard let next = reconnecting.next(after: error, isLoss: wasConnected) else {
      let failure = connecting.failure(error)
      observer.tell(failure.text, about: self)
      return close(failure)
    }
    enter(.waiting(until: MonotonicClock.now() + next.delay))
    if let notice = next.notice { observer.tell(notice, about: self) }
  }

  private func firstFailure(_ error: ClientFailure) -> Failure {
    guard isDialing, case .transport(let fault) = error else { return connecting.failure(error) }
    return connecting.dialFailure(fault)
  }
}

extension ClientFailure {
  fileprivate var isInterruption: Bool {
    switch self {
    case .interrupted, .transport(.interrupted): true
    default: false
    }
  }
}
