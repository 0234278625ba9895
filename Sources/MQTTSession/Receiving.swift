// What the server sends, packet by packet, and what becomes of it.

import MQTTProtocol

extension Session {
  /// Returns what the next packets of `input` mean to the application, or nil when none is complete.
  ///
  /// - Parameters:
  ///   - input: everything that arrived and was not yet consumed.
  ///   - position: where to go on; moves behind the packets that were used.
  /// - Throws: why the connection is over.  In MQTT 5 the output then ends with the DISCONNECT that
  ///   says so, where the server ought to be told.
  package mutating func nextEvent(
    in input: UnsafeRawBufferPointer, from position: inout Int, at now: Instant
  ) throws(SessionFault) -> Event? {
    if input.count - position != unread { keepAlive.received(at: now) }
    defer { unread = input.count - position }
    do throws(SessionFault) {
      while phase != .idle {
        guard let header = try frame(in: input, at: position) else { return nil }
        let start = position + header.size
        position += header.packetSize
        let body = UnsafeRawBufferPointer(rebasing: input[start..<position])
        if let event = try handle(header, body) { return event }
      }
      return nil
    } catch {
      close(with: error)
      throw error
    }
  }

  private mutating func frame(
    in input: UnsafeRawBufferPointer, at position: Int
  ) throws(SessionFault) -> FixedHeader? {
    do {
      guard
        let header = try FixedHeader(
          in: input, at: position, limit: own.maximumPacketSize, version)
      else {
        wantedInput = 0
        return nil
      }
      if input.count - position < header.packetSize {
        wantedInput = header.packetSize
        return nil
      }
      return header
    } catch {
      throw .malformed(error)
    }
  }

  private mutating func handle(
    _ header: FixedHeader, _ body: UnsafeRawBufferPointer
  ) throws(SessionFault) -> Event? {
    switch header.type {
    case .connAck, .auth: break
    // Only CONNACK, and AUTH where a method was named, may come first [MQTT-3.2.0-1].
    case _ where phase == .connecting: throw .unexpected(header.type)
    case .publish: return try message(header, body)
    // Whatever is in them: a server sends none of these.
    case .connect, .subscribe, .unsubscribe, .pingReq: throw .unexpected(header.type)
    // The form without reason code and properties, which nearly all acknowledgements have.
    case .pubAck, .pubRec, .pubComp:
      if let id = loneID(body) {
        switch try acknowledged(header.type, id) {
        case .acknowledged: return .acknowledged(id)
        case .received: return .received(id)
        case .none, .rejected: return nil
        }
      }
    case .pubRel:
      if let id = loneID(body) {
        release(id)
        return nil
      }
    default: break
    }
    return try handleRare(header, body)
  }

  /// The packet identifier that is all of the body.
  private func loneID(_ body: UnsafeRawBufferPointer) -> PacketID? {
    body.count == 2 ? PacketID(rawValue: UInt16(body[0]) << 8 | UInt16(body[1])) : nil
  }

  private mutating func handleRare(
    _ header: FixedHeader, _ body: UnsafeRawBufferPointer
  ) throws(SessionFault) -> Event? {
    let packet: Packet
    do { packet = try Packet(header, body, version) } catch { throw .malformed(error) }
    switch packet {
    case .connAck(let connAck): return try accepted(connAck)
    case .acknowledgement(let packet):
      try checkProblemInformation(packet.type, packet.properties)
      if packet.type == .pubRel {
        release(packet.packetID)
        return nil
      }
      let isOurs = isInFlight(packet.packetID)
      let progress = try acknowledged(packet.type, packet.packetID, packet.reason)
      if packet.reason == .noMatchingSubscribers, isOurs { return .unmatched(packet.packetID) }
      return switch progress {
      case .none: nil
      case .received: .received(packet.packetID)
      case .acknowledged: .acknowledged(packet.packetID)
      case .rejected: .rejected(packet)
      }
    case .subscriptionAck(let packet):
      try checkProblemInformation(packet.type, packet.properties)
      return try subscriptionAcknowledged(packet)
    case .pingResp:
      keepAlive.answered()
      return nil
    case .disconnect(let packet): throw disconnected(packet)
    case .auth(let packet): return try challenged(packet)
    case .connect, .subscribe, .unsubscribe, .pingReq, .publish: throw .unexpected(header.type)
    }
  }

  // MARK: Connection

  private mutating func accepted(_ connAck: ConnAck) throws(SessionFault) -> Event {
    guard phase == .connecting else { throw .unexpected(.connAck) }
    guard connAck.isAccepted else { throw .refused(connAck) }
    let connect = configuration.connect
    if connAck.sessionPresent, connect.cleanStart { throw .sessionPresentAfterCleanStart }
    if connAck.properties.string(.authenticationMethod) != own.authenticationMethod {
      throw .authenticationMethodMismatch
    }
    if version == .v5, connect.clientID.isEmpty {
      if let id = connAck.properties.string(.assignedClientIdentifier) {
        setClientID(id)
      } else if configuration.wantsAssignedID {
        throw .noClientIdentifierAssigned
      }
    }
    limits = ServerLimits(connAck.properties)
    if let refusal = early.refusal(by: limits) { throw .earlyPublishNotSupported(refusal) }
    if let seconds = limits.keepAlive { keepAlive.setInterval(seconds: seconds) }
    isAuthenticating = false
    phase = isLeaving ? .disconnecting : .connected
    // MQTT 3.1 has no Session Present; a session that was not to be clean is taken for kept.
    serverKeptSession = connAck.sessionPresent || version == .v31 && !connect.cleanStart
    return .connected(connAck, resume())
  }

  private func disconnected(_ packet: Disconnect) -> SessionFault {
    if version != .v5 { return .unexpected(.disconnect) }
    if packet.properties.contains(.sessionExpiryInterval) { return .sessionExpiryFromServer }
    return .disconnected(packet)
  }

  /// [MQTT-3.1.2-29]: with Request Problem Information 0 only PUBLISH, CONNACK and DISCONNECT may
  /// carry a Reason String or User Properties.
  func checkProblemInformation(
    _ type: PacketType, _ properties: Properties
  ) throws(SessionFault) {
    if !own.wantsProblemInformation,
      properties.contains(.reasonString) || properties.contains(.userProperty)
    {
      throw .problemInformationUnasked(type)
    }
  }
}
