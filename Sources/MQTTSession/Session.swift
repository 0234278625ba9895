// An MQTT session as a value: what it knows, and how its connections begin and end.

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
  var released = 0
  /// Packets that must wait until a streamed payload is complete.
  var deferred = ByteBuffer(capacity: 16)
  /// Bytes of a streamed payload that are still to come.
  package internal(set) var payloadOwed = 0

  var inFlight = InFlight()
  var ownLimit = Int.max
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
