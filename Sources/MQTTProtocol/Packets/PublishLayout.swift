// PUBLISH as it arrives: the hot path reads it where it lies.

/// Where the parts of a received PUBLISH lie in the bytes that hold it.  Nothing is copied.
/// MQTT 5 §3.3, MQTT 3.1.1 §3.3.
package struct PublishLayout {
  package var qos: QoS
  package var duplicate: Bool
  package var retain: Bool
  package var topic: Range<Int>
  /// The topic is the one that the caller named as known.
  package var isKnownTopic: Bool
  /// Nil at QoS 0.
  package var packetID: PacketID?
  /// The properties with their length in front; empty below MQTT 5.
  package var properties: Range<Int>
  /// 0 where the packet has none.
  package var topicAlias: UInt16
  package var hasSubscriptionIdentifier: Bool
  package var payload: Range<Int>

  /// - Parameters:
  ///   - body: the bytes behind the fixed header.
  ///   - flags: the low four bits of the first byte.
  ///   - known: a topic that was checked before; the same bytes are not checked again.
  /// - Throws: what is wrong with the topic, the identifier, the flags or a property.
  package init(
    from body: UnsafeRawBufferPointer, flags: UInt8, _ version: ProtocolVersion,
    known: UnsafeRawBufferPointer? = nil
  ) throws(MalformedPacket) {
    guard let qos = QoS(rawValue: flags >> 1 & 3) else { throw .qosThree(.publish) }
    self.qos = qos
    duplicate = flags & 8 != 0
    retain = flags & 1 != 0
    if duplicate, qos == .atMostOnce { throw .duplicateAtQoS0 }
    var reader = ByteReader(body)
    topic = try reader.fieldRange()
    let name = reader.slice(topic)
    isKnownTopic = known.map { Self.same($0, name) } ?? false
    if !isKnownTopic {
      if let fault = UTF8String.fault(in: name) { throw .string(fault) }
      if TopicName.hasWildcard(name) { throw .wildcardInTopic }
    }
    packetID = qos == .atMostOnce ? nil : try reader.packetID()
    topicAlias = 0
    hasSubscriptionIdentifier = false
    let start = reader.position
    if version == .v5 {
      if reader.remaining > 0, body[start] == 0 {
        _ = try reader.u8()
      } else {
        var properties = try PropertyReader(from: &reader, .publish)
        while let property = try properties.next() {
          if property.id == .topicAlias { topicAlias = UInt16(property.number) }
          if property.id == .subscriptionIdentifier { hasSubscriptionIdentifier = true }
        }
      }
    }
    properties = start..<reader.position
    if topic.isEmpty, topicAlias == 0 { throw .emptyTopic }
    payload = reader.rest
  }

  /// The same bytes, compared eight at once.
  package static func same(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    guard a.count == b.count else { return false }
    var at = 0
    while at + 8 <= a.count {
      if a.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        != b.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      {
        return false
      }
      at += 8
    }
    while at < a.count {
      if a[at] != b[at] { return false }
      at += 1
    }
    return true
  }
}
