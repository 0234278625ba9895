// PUBLISH twice: where its parts lie, for the hot path, and as a value.

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

/// A message on its way, as a value that owns its bytes.
package struct Publish: Hashable, Sendable {
  /// Empty when a topic alias stands for it (MQTT 5 §3.3.2.3.4).
  package var topic: UTF8String
  package var payload: [UInt8]
  package var qos: QoS
  package var retain: Bool
  package var duplicate: Bool
  package var packetID: PacketID?
  package var properties: Properties

  package init(
    topic: UTF8String, payload: [UInt8] = [], qos: QoS = .atMostOnce, retain: Bool = false,
    duplicate: Bool = false, packetID: PacketID? = nil, properties: Properties = .none
  ) {
    self.topic = topic
    self.payload = payload
    self.qos = qos
    self.retain = retain
    self.duplicate = duplicate
    self.packetID = packetID
    self.properties = properties
  }

  package init(
    from body: UnsafeRawBufferPointer, flags: UInt8, _ version: ProtocolVersion
  ) throws(MalformedPacket) {
    let layout = try PublishLayout(from: body, flags: flags, version)
    var reader = ByteReader(body, layout.properties)
    properties = version == .v5 ? try Properties(from: &reader, .publish) : .none
    topic = UTF8String(checked: [UInt8](reader.slice(layout.topic)))
    payload = [UInt8](reader.slice(layout.payload))
    qos = layout.qos
    retain = layout.retain
    duplicate = layout.duplicate
    packetID = layout.packetID
  }

  func encode(into buffer: inout ByteBuffer, _ version: ProtocolVersion) {
    let head = PublishHead(topic: topic, qos: qos, retain: retain, properties: properties, version)
    head.encode(
      into: &buffer, packetID: packetID, duplicate: duplicate, payloadLength: payload.count)
    buffer.append(payload)
  }
}

/// What all messages of one kind begin with, encoded once: topic and properties.
package struct PublishHead: Sendable {
  private let flags: UInt8
  private let topic: [UInt8]
  private var properties: [UInt8]
  package let qos: QoS

  package init(
    topic: UTF8String, qos: QoS, retain: Bool, properties: Properties, _ version: ProtocolVersion
  ) {
    self.qos = qos
    flags = 0x30 | qos.rawValue << 1 | (retain ? 1 : 0)
    var buffer = ByteBuffer()
    buffer.append(topic)
    self.topic = buffer.array
    buffer.removeAll()
    if version == .v5 { properties.encode(into: &buffer) }
    self.properties = buffer.array
  }

  package var isRetained: Bool { flags & 1 != 0 }

  /// Writes over the end of the properties; bytes that don't fit are left out.
  package mutating func overwritePropertiesEnd(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count <= properties.count else { return }
    properties.withUnsafeMutableBytes {
      UnsafeMutableRawBufferPointer(rebasing: $0[($0.count - bytes.count)...])
        .copyMemory(from: bytes)
    }
  }

  /// Bytes of the packet behind its fixed header.
  package func remainingLength(payloadLength: Int) -> Int {
    topic.count + (qos == .atMostOnce ? 0 : 2) + properties.count + payloadLength
  }

  /// Bytes of the whole packet.
  package func packetSize(payloadLength: Int) -> Int {
    let rest = remainingLength(payloadLength: payloadLength)
    return 1 + VariableByteInteger.width(rest) + rest
  }

  /// Appends everything up to the payload, which the caller appends or streams.
  ///
  /// - Parameter packetID: needed above QoS 0 and unused at QoS 0.
  package func encode(
    into buffer: inout ByteBuffer, packetID: PacketID?, duplicate: Bool = false, payloadLength: Int
  ) {
    buffer.append(duplicate ? flags | 8 : flags)
    buffer.appendVariable(remainingLength(payloadLength: payloadLength))
    buffer.append(topic)
    if qos != .atMostOnce { buffer.append((packetID ?? .first).rawValue) }
    buffer.append(properties)
  }
}
