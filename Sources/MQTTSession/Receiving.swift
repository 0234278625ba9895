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
    keepAlive.received(at: now)
    do throws(SessionFault) {
      while phase != .idle {
        guard let header = try frame(in: input, at: position) else { return nil }
        let start = position + header.size
        position += header.packetSize
        let body = UnsafeRawBufferPointer(rebasing: input[start..<position])
        if let event = try handle(header, body, now) { return event }
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
          in: input, at: position, limit: configuration.maximumPacketSize, version)
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
    _ header: FixedHeader, _ body: UnsafeRawBufferPointer, _ now: Instant
  ) throws(SessionFault) -> Event? {
    // Only CONNACK, and AUTH where a method was named, may come first [MQTT-3.2.0-1].
    if phase == .connecting, header.type != .connAck, header.type != .auth {
      throw .unexpected(header.type)
    }
    if header.type == .publish { return try message(header, body) }
    if header.remainingLength == 2, header.type != .connAck, header.type != .disconnect,
      header.type != .auth, let id = PacketID(rawValue: UInt16(body[0]) << 8 | UInt16(body[1]))
    {
      // The form without reason code and properties, which nearly all acknowledgements have.
      switch header.type {
      case .pubAck: return try acknowledged(Acknowledgement(.pubAck, id))
      case .pubRec: return try acknowledged(Acknowledgement(.pubRec, id))
      case .pubComp: return try acknowledged(Acknowledgement(.pubComp, id))
      case .pubRel:
        release(id)
        return nil
      default: break
      }
    }
    let packet: Packet
    do { packet = try Packet(header, body, version) } catch { throw .malformed(error) }
    switch packet {
    case .connAck(let connAck): return try accepted(connAck, now)
    case .acknowledgement(let packet):
      try checkProblemInformation(packet.type, packet.properties)
      if packet.type == .pubRel {
        release(packet.packetID)
        return nil
      }
      return try acknowledged(packet)
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

  private mutating func accepted(
    _ connAck: ConnAck, _ now: Instant
  ) throws(SessionFault) -> Event? {
    guard phase == .connecting else { throw .unexpected(.connAck) }
    guard connAck.isAccepted else { throw .refused(connAck) }
    let connect = configuration.connect
    if connAck.sessionPresent, connect.cleanStart { throw .sessionPresentAfterCleanStart }
    if connAck.properties.string(.authenticationMethod)
      != connect.properties.string(.authenticationMethod)
    {
      throw .authenticationMethodMismatch
    }
    if version == .v5, connect.clientID.isEmpty {
      guard let id = connAck.properties.string(.assignedClientIdentifier) else {
        throw .noClientIdentifierAssigned
      }
      setClientID(id)
    }
    limits = ServerLimits(connAck.properties)
    if let seconds = limits.keepAlive { keepAlive.start(seconds: seconds, at: now) }
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

  private mutating func challenged(_ packet: Auth) throws(SessionFault) -> Event? {
    guard let method = configuration.connect.properties.string(.authenticationMethod) else {
      throw .unexpected(.auth)
    }
    guard packet.properties.string(.authenticationMethod) == method else {
      throw .authenticationMethodMismatch
    }
    // Only re-authentication ends with AUTH; the first one ends with CONNACK (§4.12).
    guard
      packet.reason == .continueAuthentication || packet.reason == .success && phase == .connected
    else { throw .unexpected(.auth) }
    return .challenged(packet)
  }

  /// [MQTT-3.1.2-29]: with Request Problem Information 0 only PUBLISH, CONNACK and DISCONNECT may
  /// carry a Reason String or User Properties.
  private func checkProblemInformation(
    _ type: PacketType, _ properties: Properties
  ) throws(SessionFault) {
    if !properties.isEmpty,
      !configuration.connect.properties.flag(.requestProblemInformation, default: true)
    {
      throw .problemInformationUnasked(type)
    }
  }

  // MARK: Messages

  private mutating func message(
    _ header: FixedHeader, _ body: UnsafeRawBufferPointer
  ) throws(SessionFault) -> Event? {
    let layout: PublishLayout
    do {
      layout = try PublishLayout(
        from: body, flags: header.flags, version, known: lastTopic.bytes)
    } catch {
      throw .malformed(error)
    }
    if layout.qos > configuration.maximumQoS { throw .qosNotAllowed(layout.qos) }
    if layout.hasSubscriptionIdentifier { try checkSubscriptionIdentifiers(layout, body) }
    let topic = try topic(of: layout, in: body)
    // After DISCONNECT nothing may be acknowledged any more; the server keeps what it must.
    guard phase == .connected else { return nil }
    if let id = layout.packetID {
      guard try take(id, layout.qos) else { return nil }
    }
    return .message(
      ReceivedMessage(
        topic: topic, payload: UnsafeRawBufferPointer(rebasing: body[layout.payload]),
        properties: UnsafeRawBufferPointer(rebasing: body[layout.properties]), qos: layout.qos,
        retain: layout.retain, duplicate: layout.duplicate, packetID: layout.packetID))
  }

  /// Puts the acknowledgement of a message where it waits for the application.
  ///
  /// - Returns: false when the message is a repetition of one that was handed on already.
  private mutating func take(_ id: PacketID, _ qos: QoS) throws(SessionFault) -> Bool {
    let isNew = qos == .atLeastOnce || received.insert(id)
    if qos == .atLeastOnce { heldQoS1 += 1 }
    let maximum = configuration.receiveMaximum
    if isNew, heldQoS1 + received.count - receivedEarlier > maximum {
      throw .receiveMaximumExceeded(maximum)
    }
    held.append(qos == .atLeastOnce ? 0x4002 : 0x5002 as UInt16)
    held.append(id.rawValue)
    return isNew
  }

  private mutating func topic(
    of layout: PublishLayout, in body: UnsafeRawBufferPointer
  ) throws(SessionFault) -> UnsafeRawBufferPointer {
    let topic = UnsafeRawBufferPointer(rebasing: body[layout.topic])
    if layout.topicAlias == 0 {
      if !layout.isKnownTopic {
        lastTopic.removeAll()
        lastTopic.append(topic)
      }
      return topic
    }
    let maximum = configuration.topicAliasMaximum
    guard layout.topicAlias <= maximum else {
      throw .topicAliasInvalid(Int(layout.topicAlias), maximum: maximum)
    }
    if receivedAliases == nil { receivedAliases = ReceivedAliases() }
    if !topic.isEmpty {
      receivedAliases?.set(layout.topicAlias, topic)
      return topic
    }
    guard let known = receivedAliases?[layout.topicAlias] else {
      throw .topicAliasUnknown(Int(layout.topicAlias))
    }
    return known
  }

  /// In a session that began on this connection all identifiers are ours.
  private func checkSubscriptionIdentifiers(
    _ layout: PublishLayout, _ body: UnsafeRawBufferPointer
  ) throws(SessionFault) {
    if serverKeptSession { return }
    do {
      var reader = ByteReader(body, layout.properties)
      for property in try Properties(from: &reader, .publish).entries
      where property.id == .subscriptionIdentifier {
        guard case .number(let id) = property.value, !subscriptionIdentifiers.contains(id) else {
          continue
        }
        throw SessionFault.subscriptionIdentifierUnknown(id)
      }
    } catch let fault as SessionFault {
      throw fault
    } catch {
      throw .malformed(.truncated)
    }
  }

  /// PUBREL: the identifier is free for another message [MQTT-4.3.3-12].
  private mutating func release(_ id: PacketID) {
    let known = received.remove(id)
    if known || version != .v5 {
      appendControl {
        $0.append(0x7002 as UInt16)
        $0.append(id.rawValue)
      }
    } else {
      let answer = Acknowledgement(.pubComp, id, .packetIdentifierNotFound)
      appendControl { answer.encode(into: &$0, .v5) }
    }
    if receivedEarlier > received.count { receivedEarlier = received.count }
  }
}
