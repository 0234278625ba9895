/// One filter of a SUBSCRIBE with its options.  MQTT 5 §3.8.3.1.
package struct Subscription: Hashable, Sendable {
  /// When the broker sends retained messages.
  package enum RetainHandling: UInt8, Hashable, Sendable {
    case always = 0
    case new, never
  }

  package var filter: TopicFilter
  package var qos: QoS
  package var noLocal: Bool
  package var retainAsPublished: Bool
  package var retainHandling: RetainHandling

  package init(
    _ filter: TopicFilter, qos: QoS = .atMostOnce, noLocal: Bool = false,
    retainAsPublished: Bool = false, retainHandling: RetainHandling = .always
  ) {
    self.filter = filter
    self.qos = qos
    self.noLocal = noLocal
    self.retainAsPublished = retainAsPublished
    self.retainHandling = retainHandling
  }

  /// - Throws: `.invalidFilter`, `.reservedBits`, `.qosThree`, `.retainHandlingThree`, `.sharedNoLocal`.
  package init(from reader: inout ByteReader, _ version: ProtocolVersion) throws(MalformedPacket) {
    let text = try reader.string()
    do { filter = try TopicFilter(text) } catch { throw .invalidFilter }
    let options = try reader.u8()
    guard options & (version == .v5 ? 0xc0 : 0xfc) == 0 else {
      throw .reservedBits(.subscribe, options)
    }
    guard let qos = QoS(rawValue: options & 3) else { throw .qosThree(.subscribe) }
    guard let handling = RetainHandling(rawValue: options >> 4 & 3) else {
      throw .retainHandlingThree
    }
    self.qos = qos
    noLocal = options & 4 != 0
    retainAsPublished = options & 8 != 0
    retainHandling = handling
    if noLocal, filter.isShared { throw .sharedNoLocal }
  }

  func encode(into buffer: inout ByteBuffer, _ version: ProtocolVersion) {
    buffer.append(filter.string)
    var options = qos.rawValue
    if version == .v5 {
      options |= (noLocal ? 4 : 0) | (retainAsPublished ? 8 : 0) | retainHandling.rawValue << 4
    }
    buffer.append(options)
  }
}

/// Asks for messages; every filter gets one code in the SUBACK.  MQTT 5 §3.8.
package struct Subscribe: Hashable, Sendable {
  package var packetID: PacketID
  package var subscriptions: [Subscription]
  package var properties: Properties

  package init(
    _ packetID: PacketID, _ subscriptions: [Subscription], _ properties: Properties = .none
  ) {
    self.packetID = packetID
    self.subscriptions = subscriptions
    self.properties = properties
  }

  package init(from reader: inout ByteReader, _ version: ProtocolVersion) throws(MalformedPacket) {
    packetID = try reader.packetID()
    properties = version == .v5 ? try Properties(from: &reader, .subscribe) : .none
    subscriptions = []
    repeat {
      if reader.isAtEnd { throw .noFilters }
      subscriptions.append(try Subscription(from: &reader, version))
    } while !reader.isAtEnd
  }

  package func encode(into buffer: inout ByteBuffer, _ version: ProtocolVersion) {
    buffer.append(PacketType.subscribe.rawValue << 4 | 2)
    buffer.appendWithLength { buffer in
      buffer.append(packetID.rawValue)
      if version == .v5 { properties.encode(into: &buffer) }
      for subscription in subscriptions { subscription.encode(into: &buffer, version) }
    }
  }
}

/// Ends subscriptions.  MQTT 5 §3.10.
package struct Unsubscribe: Hashable, Sendable {
  package var packetID: PacketID
  package var filters: [TopicFilter]
  package var properties: Properties

  package init(_ packetID: PacketID, _ filters: [TopicFilter], _ properties: Properties = .none) {
    self.packetID = packetID
    self.filters = filters
    self.properties = properties
  }

  package init(from reader: inout ByteReader, _ version: ProtocolVersion) throws(MalformedPacket) {
    packetID = try reader.packetID()
    properties = version == .v5 ? try Properties(from: &reader, .unsubscribe) : .none
    filters = []
    repeat {
      if reader.isAtEnd { throw .noFilters }
      let text = try reader.string()
      do { filters.append(try TopicFilter(text)) } catch { throw .invalidFilter }
    } while !reader.isAtEnd
  }

  package func encode(into buffer: inout ByteBuffer, _ version: ProtocolVersion) {
    buffer.append(PacketType.unsubscribe.rawValue << 4 | 2)
    buffer.appendWithLength { buffer in
      buffer.append(packetID.rawValue)
      if version == .v5 { properties.encode(into: &buffer) }
      for filter in filters { buffer.append(filter.string) }
    }
  }
}
