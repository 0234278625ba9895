// PUBLISH: what may leave now, and what is kept of it.

import MQTTProtocol

extension Session {
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
    var form = Publication.Form.plain
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
}
