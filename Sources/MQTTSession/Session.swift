// One MQTT connection as a value: what the application asks for.

import MQTTProtocol

/// The client's side of an MQTT session, without network, clock or randomness.  MQTT 5 §4.
///
/// The loop around it hands in what arrives (`nextEvent`), what time it is, and sends what `output`
/// holds.  A session outlives its connections: `connect` begins the next one.
package struct Session: ~Copyable {
  package private(set) var configuration: SessionConfiguration
  let own: ClientLimits
  package internal(set) var limits = ServerLimits()
  package internal(set) var phase = Phase.idle

  package enum Phase: Hashable, Sendable {
    /// No connection yet, or the last one is over.
    case idle
    /// CONNECT is on its way, CONNACK has not come.
    case connecting
    case connected
    /// DISCONNECT is the last packet of the output.
    case disconnecting
  }

  /// Packets on their way to the server.
  package internal(set) var output = ByteBuffer(capacity: 4096)
  /// PUBACK and PUBREC of messages that the application has not yet taken into its hands.
  var held = ByteBuffer(capacity: 64)
  /// Acknowledgements that have left `held` so far.
  private var released = 0
  /// Packets that must wait until a streamed payload is complete.
  var deferred = ByteBuffer(capacity: 16)
  /// Bytes of a streamed payload that are still to come.
  package internal(set) var payloadOwed = 0

  var inFlight = InFlight()
  private var ownLimit = Int.max
  /// PUBLISH packets above QoS 0 on this connection without their last acknowledgement.
  var outstanding = 0
  /// Entries below this number belong to an earlier connection; up to it they are sent again.
  var carriedEnd = 0
  var nextCarried = 0
  var serverKeptSession = false
  /// What earlier connections left in flight waits for `sendCarriedOver`: the application has something
  /// to see to first.
  package var holdsCarriedOver = false

  /// `Event.received` is told.
  package var reportsReceipt = false

  /// The server has acknowledged a message of QoS 2 as one of QoS 1.
  package internal(set) var lowersQoS = false

  var received = ReceivedIDs()
  /// Of `received`, those from before this connection.
  var receivedEarlier = 0
  /// Messages whose PUBACK is in `held`, and new ones whose PUBREC is.
  var heldQoS1 = 0
  var heldQoS2 = 0
  var receivedAliases: ReceivedAliases?
  /// The topics that our aliases stand for on this connection.
  var sentAliases: [UInt16: UTF8String] = [:]
  var lastTopic = ByteBuffer(capacity: 64)
  var subscriptionIdentifiers: Set<UInt32> = []

  /// What was published before CONNACK told the limits.
  var early = EarlyPublishing()
  /// DISCONNECT was sent, perhaps before CONNACK came.
  var isLeaving = false
  /// An exchange of AUTH packets is under way.
  package internal(set) var isAuthenticating = false
  var keepAlive = KeepAlive()
  /// Bytes of the input that were seen but not used up.
  var unread = 0
  /// Bytes that the packet at the input's end needs altogether, as far as known.
  package internal(set) var wantedInput = 0

  package init(_ configuration: SessionConfiguration) {
    self.configuration = configuration
    own = ClientLimits(configuration.connect)
  }

  package var version: ProtocolVersion { configuration.version }
  package var clientID: UTF8String { configuration.connect.clientID }

  // MARK: Connections

  /// Begins a connection: CONNECT is put into the output, everything of the last connection is gone.
  package mutating func connect(at now: Instant) {
    connectionLost()
    phase = .connecting
    isAuthenticating = own.authenticationMethod != nil
    keepAlive.start(seconds: configuration.connect.keepAlive, at: now)
    configuration.connect.encode(into: &output)
  }

  /// The connection is gone; messages in flight wait for the next one.
  package mutating func connectionLost() {
    phase = .idle
    isLeaving = false
    keepAlive.stop()
    output.removeAll()
    released = lastAcknowledgement
    held.removeAll()
    deferred.removeAll()
    payloadOwed = 0
    outstanding = 0
    carriedEnd = inFlight.endSerial
    nextCarried = inFlight.count > 0 ? inFlight[0].serial : carriedEnd
    heldQoS1 = 0
    heldQoS2 = 0
    unread = 0
    receivedEarlier = received.count
    receivedAliases = nil
    sentAliases = [:]
    wantedInput = 0
    limits = ServerLimits()
    early = EarlyPublishing()
  }

  /// Makes the next CONNECT ask for the old session instead of a clean one.
  package mutating func setCleanStart(_ clean: Bool) {
    configuration.connect.cleanStart = clean
  }

  /// Lets no more than so many messages above QoS 0 be on the wire, at least 1, whatever the
  /// configuration and the server allow.
  package mutating func limitWindow(to window: Int) {
    ownLimit = max(window, 1)
  }

  /// For the next CONNECT: secrets need not be the same at each.
  package mutating func setPassword(_ password: [UInt8]?) {
    configuration.connect.password = password
  }

  /// Likewise: the method's first step.
  package mutating func setAuthenticationData(_ data: [UInt8]) {
    configuration.connect.properties.remove(.authenticationData)
    if !data.isEmpty {
      configuration.connect.properties.set(Property(.authenticationData, data))
    }
  }

  mutating func setClientID(_ id: UTF8String) {
    configuration.connect.clientID = id
  }

  /// Ends the connection: DISCONNECT becomes the last packet [MQTT-3.14.4-1].
  ///
  /// Messages whose acknowledgement was not released stay unacknowledged.  Reason String and User
  /// Properties are left out where the server's Maximum Packet Size asks for it [MQTT-3.14.2-3, -4].
  package mutating func disconnect(_ packet: Disconnect = Disconnect()) throws(Refusal) {
    guard !isLeaving, phase == .connected || phase == .connecting && configuration.eager else {
      throw .notConnected
    }
    let asked = configuration.connect.properties.number(.sessionExpiryInterval) ?? 0
    if asked == 0, packet.properties.number(.sessionExpiryInterval) ?? 0 != 0 {
      throw .sessionExpiryNotAllowed
    }
    appendDisconnect(packet)
    isLeaving = true
    if phase == .connected { phase = .disconnecting }
  }

  mutating func appendDisconnect(_ packet: Disconnect) {
    var packet = packet
    if packet.properties.size + 8 > limits.maximumPacketSize {
      packet.properties.remove(.reasonString)
      packet.properties.remove(.userProperty)
    }
    appendControl { [version] in packet.encode(into: &$0, version) }
  }

  // MARK: Publishing

  /// True when `publish` would not say `.windowFull` now.
  package var canPublish: Bool {
    outstanding < window && nextCarried >= carriedEnd
      && inFlight.storedBytes < Self.mostStored
  }

  /// Bytes of unacknowledged messages that are kept for sending again; one more message may exceed it.
  private static let mostStored = 64 << 20

  /// How many messages above QoS 0 may be on the wire (MQTT 5 §4.9).
  package var window: Int {
    min(
      configuration.window, limits.receiveMaximum, ownLimit,
      phase == .connecting ? Self.earlyWindow : .max)
  }

  /// Before CONNACK no Receive Maximum is known; brokers' smallest default is 10 (HiveMQ).
  private static let earlyWindow = 10

  /// PUBLISH packets above QoS 0 on this connection that were not acknowledged to the end.
  package var unacknowledged: Int { outstanding }

  /// No PUBLISH, SUBSCRIBE or UNSUBSCRIBE waits for an answer.
  package var isSettled: Bool { inFlight.isEmpty }

  /// Publishes a message.
  ///
  /// - Returns: its packet identifier, nil at QoS 0.
  /// - Throws: a `Refusal`; nothing was sent then.
  @discardableResult
  package mutating func publish(
    _ publication: borrowing Publication, _ payload: UnsafeRawBufferPointer
  ) throws(Refusal) -> PacketID? {
    let mark = output.count
    let id = try beginPublish(publication, payloadLength: payload.count)
    output.append(payload)
    payloadOwed = 0
    if id != nil { store(publication, payload, from: mark) }
    return id
  }

  /// Begins a message whose payload follows in pieces by `appendPayload`.  It cannot be sent again on
  /// another connection.
  @discardableResult
  package mutating func publishStreaming(
    _ publication: borrowing Publication, payloadLength: Int
  ) throws(Refusal) -> PacketID? {
    let id = try beginPublish(publication, payloadLength: payloadLength)
    if id != nil {
      outstanding += 1
      inFlight.append(publication.qos == .atLeastOnce ? .awaitingPubAck : .awaitingPubRec)
    }
    return id
  }

  /// - Parameter piece: at most `payloadOwed` bytes; more are ignored.
  package mutating func appendPayload(_ piece: UnsafeRawBufferPointer) {
    let count = min(piece.count, payloadOwed)
    output.append(UnsafeRawBufferPointer(rebasing: piece[..<count]))
    payloadOwed -= count
    if payloadOwed > 0 || count == 0 { return }
    output.append(deferred.bytes)
    deferred.removeAll()
    if nextCarried < carriedEnd { sendCarried() }
  }

  private mutating func beginPublish(
    _ publication: borrowing Publication, payloadLength: Int
  ) throws(Refusal) -> PacketID? {
    guard !isLeaving, payloadOwed == 0,
      phase == .connected || phase == .connecting && mayPublishEarly
    else { throw .notConnected }
    if publication.qos > limits.maximumQoS {
      throw .qosNotSupported(publication.qos, maximum: limits.maximumQoS)
    }
    if publication.plain.isRetained, !limits.retainAvailable { throw .retainNotSupported }
    let alias = publication.alias
    var form = Form.plain
    if alias != 0, Int(alias) <= limits.topicAliasMaximum {
      form = sentAliases[alias] == publication.topic ? .aliased : .introducing
    }
    let size = publication[form].packetSize(payloadLength: payloadLength)
    if size > limits.maximumPacketSize {
      throw .packetTooLarge(size: size, limit: limits.maximumPacketSize)
    }
    var id: PacketID?
    if publication.qos != .atMostOnce {
      guard canPublish, let next = inFlight.nextID() else { throw .windowFull }
      id = next
    }
    if phase == .connecting { early.add(publication, size: size) }
    if form == .introducing { sentAliases[alias] = publication.topic }
    publication[form].encode(into: &output, packetID: id, payloadLength: payloadLength)
    payloadOwed = payloadLength
    return id
  }

  /// Keeps the packet that begins at `mark` of the output, in the form that any connection takes.
  private mutating func store(
    _ publication: borrowing Publication, _ payload: UnsafeRawBufferPointer, from mark: Int
  ) {
    outstanding += 1
    let state: InFlight.State =
      publication.qos == .atLeastOnce ? .awaitingPubAck : .awaitingPubRec
    if publication.alias == 0 {
      inFlight.append(
        state, storing: UnsafeRawBufferPointer(rebasing: output.bytes[mark...]))
    } else {
      var packet = ByteBuffer()
      publication.plain.encode(
        into: &packet, packetID: inFlight.nextID(), payloadLength: payload.count)
      packet.append(payload)
      inFlight.append(state, storing: packet.bytes)
    }
  }

  /// With an authentication method nothing but AUTH may come before CONNACK [MQTT-3.1.2-30].
  private var mayPublishEarly: Bool {
    configuration.eager && carriedEnd == nextCarried && !isAuthenticating
  }

  /// QoS 2 messages of this connection have had their PUBREC and wait for PUBREL.
  package var awaitsRelease: Bool { received.count - heldQoS2 > receivedEarlier }

  // MARK: Subscribing

  /// Sends SUBSCRIBE with all filters in one packet.
  ///
  /// - Precondition: at least one subscription; with none nothing is sent.
  package mutating func subscribe(
    _ subscriptions: [Subscription], _ properties: Properties = .none
  ) throws(Refusal) -> PacketID {
    guard phase == .connected, !subscriptions.isEmpty else { throw .notConnected }
    for subscription in subscriptions {
      let filter = subscription.filter
      if filter.hasWildcard, !limits.wildcardsAvailable { throw .wildcardsNotSupported(filter) }
      if filter.isShared, !limits.sharedSubscriptionsAvailable {
        throw .sharedSubscriptionsNotSupported(filter)
      }
    }
    let identifier = properties.number(.subscriptionIdentifier)
    if identifier != nil, !limits.subscriptionIdentifiersAvailable {
      throw .subscriptionIdentifiersNotSupported
    }
    guard let id = inFlight.nextID() else { throw .windowFull }
    try appendChecked(.subscribe(Subscribe(id, subscriptions, properties)))
    if let identifier { subscriptionIdentifiers.insert(identifier) }
    inFlight.append(.awaitingSubAck, filters: subscriptions.count)
    return id
  }

  package mutating func unsubscribe(
    _ filters: [TopicFilter], _ properties: Properties = .none
  ) throws(Refusal) -> PacketID {
    guard phase == .connected, !filters.isEmpty, let id = inFlight.nextID() else {
      throw .notConnected
    }
    try appendChecked(.unsubscribe(Unsubscribe(id, filters, properties)))
    inFlight.append(.awaitingUnsubAck, filters: filters.count)
    return id
  }

  /// The number of the acknowledgement that was made last, which belongs to the message handed on last.
  package var lastAcknowledgement: Int { released + held.count / 4 }

  /// Some were made and not released yet.
  package var holdsAcknowledgements: Bool { !held.isEmpty }

  /// The application has every message that was handed to it, or those up to the acknowledgement with
  /// that number: their acknowledgements may leave, in the order of the messages [MQTT-4.6.0-2, -3].
  package mutating func releaseAcknowledgements(upTo last: Int = .max) {
    let count = min(held.count / 4, last - released)
    if count <= 0 { return }
    let leaving = UnsafeRawBufferPointer(rebasing: held.bytes[..<(4 * count)])
    if phase == .connected {
      if payloadOwed > 0 { deferred.append(leaving) } else { output.append(leaving) }
    }
    if leaving.count == held.count {
      heldQoS1 = 0
      heldQoS2 = 0
    } else {
      for place in 0..<count {
        // A repetition of a QoS 2 message is acknowledged again, but was not counted.
        if leaving[4 * place] == 0x40 { heldQoS1 -= 1 } else { heldQoS2 = max(0, heldQoS2 - 1) }
      }
    }
    held.removeFirst(4 * count)
    released += count
  }

  /// The message that was handed on last stays unacknowledged: the application does not take it.
  package mutating func withholdAcknowledgement(of message: ReceivedMessage) {
    guard let id = message.packetID, held.count >= 4 else { return }
    held.truncate(to: held.count - 4)
    if case .atLeastOnce = message.qos {
      heldQoS1 -= 1
    } else {
      heldQoS2 -= 1
      _ = received.remove(id)
    }
  }

  // MARK: Time and output

  /// When `timeout` wants to be called; nil for never.
  package var nextTimeout: Instant? {
    phase == .connected ? keepAlive.deadline : nil
  }

  /// - Throws: `.keepAliveTimeout` when the server has been silent for too long.
  package mutating func timeout(at now: Instant) throws(SessionFault) {
    guard phase == .connected else { return }
    switch keepAlive.duty(at: now, waiting: output.count + deferred.count + payloadOwed) {
    case .nothing: break
    case .ping: appendControl { $0.append(0xc000 as UInt16) }
    case .giveUp:
      close(with: .keepAliveTimeout)
      throw .keepAliveTimeout
    }
  }

  /// The first `count` bytes of the output have been sent.
  package mutating func transmitted(_ count: Int, at now: Instant) {
    output.removeFirst(count)
    keepAlive.sent(count, at: now)
  }

  /// Tells that the application has stopped or resumed reading the connection.
  package mutating func setReadingPaused(_ paused: Bool, at now: Instant) {
    keepAlive.setPaused(paused, at: now)
  }

  // MARK: Shared with receiving

  /// Appends packets that may not stand in the middle of a streamed payload, nor behind DISCONNECT.
  mutating func appendControl(_ encode: (inout ByteBuffer) -> Void) {
    if isLeaving { return }
    if payloadOwed > 0 { encode(&deferred) } else { encode(&output) }
  }

  /// Four bytes: an acknowledgement without reason code and properties.
  ///
  /// - Parameter header: packet type, flags and remaining length.
  mutating func appendAcknowledgement(_ header: UInt16, _ id: PacketID) {
    if isLeaving { return }
    let packet = UInt32(header) << 16 | UInt32(id.rawValue)
    if payloadOwed > 0 { deferred.append(packet) } else { output.append(packet) }
  }

  mutating func appendChecked(_ packet: Packet) throws(Refusal) {
    let bytes = packet.encoded(version)
    if bytes.count > limits.maximumPacketSize {
      throw .packetTooLarge(size: bytes.count, limit: limits.maximumPacketSize)
    }
    appendControl { $0.append(bytes) }
  }

  /// Ends the connection from our side, telling an MQTT 5 server why.
  mutating func close(with fault: SessionFault) {
    if payloadOwed > 0 {
      // The packet on its way will never be whole, so nothing may follow it.
      payloadOwed = 0
      deferred.removeAll()
    } else if version == .v5, phase != .idle, let reason = fault.reason {
      appendDisconnect(Disconnect(reason))
    }
    held.removeAll()
    keepAlive.stop()
    phase = .idle
  }
}

private enum Form { case plain, introducing, aliased }

extension Publication {
  fileprivate subscript(form: Form) -> PublishHead {
    switch form {
    case .plain: plain
    case .introducing: introducing
    case .aliased: aliased
    }
  }
}
