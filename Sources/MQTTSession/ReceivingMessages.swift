// PUBLISH from the server, and PUBREL, which ends it at QoS 2.

import MQTTProtocol

extension Session {
  mutating func message(
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
    let header: UInt32
    let isNew: Bool
    if case .atLeastOnce = qos {
      (header, isNew) = (0x4002, true)
      heldQoS1 += 1
    } else {
      (header, isNew) = (0x5002, received.insert(id))
      if isNew { heldQoS2 += 1 }
    }
    // A server that kept the session sends again what was in flight, and mosquitto adds a whole new
    // quota to it: there is nothing to be gained by leaving a session that can never be read again.
    if isNew, !serverKeptSession, !configuration.toleratesExcess,
      heldQoS1 + received.count - receivedEarlier > own.receiveMaximum
    {
      throw .receiveMaximumExceeded(own.receiveMaximum)
    }
    held.append(header << 16 | UInt32(id.rawValue))
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
    let maximum = own.topicAliasMaximum
    guard layout.topicAlias <= maximum else {
      if configuration.toleratesUnasked, !topic.isEmpty { return topic }
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
    if serverKeptSession || configuration.toleratesUnasked { return }
    let known = subscriptionIdentifiers
    var unknown: UInt32?
    PropertyReader.forEach(in: UnsafeRawBufferPointer(rebasing: body[layout.properties])) {
      property in
      let isKnown = property.id != .subscriptionIdentifier || known.contains(property.number)
      if !isKnown { unknown = property.number }
      return isKnown
    }
    if let unknown { throw .subscriptionIdentifierUnknown(unknown) }
  }

  /// PUBREL: the identifier is free for another message [MQTT-4.3.3-12].
  mutating func release(_ id: PacketID) {
    let known = received.remove(id)
    if known || version != .v5 {
      appendAcknowledgement(0x7002, id)
    } else {
      let answer = Acknowledgement(.pubComp, id, .packetIdentifierNotFound)
      appendControl { answer.encode(into: &$0, .v5) }
    }
    if receivedEarlier > received.count { receivedEarlier = received.count }
  }
}
