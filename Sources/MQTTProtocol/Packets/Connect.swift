/// The message a broker publishes for a client that is gone.  MQTT 5 §3.1.2.5, §3.1.3.2.
package struct Will: Hashable, Sendable {
  package var topic: UTF8String
  /// At most 65,535 bytes.
  package var payload: [UInt8]
  package var qos: QoS
  package var retain: Bool
  package var properties: Properties

  package init(
    topic: UTF8String, payload: [UInt8] = [], qos: QoS = .atMostOnce, retain: Bool = false,
    properties: Properties = .none
  ) {
    self.topic = topic
    self.payload = payload
    self.qos = qos
    self.retain = retain
    self.properties = properties
  }
}

/// Opens a connection: the client's first packet, sent once.  MQTT 5 §3.1, MQTT 3.1.1 §3.1.
package struct Connect: Hashable, Sendable {
  package var version: ProtocolVersion
  package var clientID: UTF8String
  /// Clean Session below MQTT 5.
  package var cleanStart: Bool
  /// Seconds; 0 switches it off.
  package var keepAlive: UInt16
  package var will: Will?
  package var userName: UTF8String?
  package var password: [UInt8]?
  package var properties: Properties

  package init(
    version: ProtocolVersion, clientID: UTF8String = .empty, cleanStart: Bool = true,
    keepAlive: UInt16 = 60, will: Will? = nil, userName: UTF8String? = nil,
    password: [UInt8]? = nil, properties: Properties = .none
  ) {
    self.version = version
    self.clientID = clientID
    self.cleanStart = cleanStart
    self.keepAlive = keepAlive
    self.will = will
    self.userName = userName
    self.password = password
    self.properties = properties
  }

  /// - Throws: `.protocolName`, `.protocolLevel`, `.connectFlags` and what is wrong with a field.
  package init(from reader: inout ByteReader) throws(MalformedPacket) {
    let name = try reader.string()
    let level = try reader.u8()
    guard let version = ProtocolVersion(rawValue: level) else { throw .protocolLevel(level) }
    guard name == Self.name(version) else { throw .protocolName }
    self.version = version
    let flags = try reader.u8()
    let hasWill = flags & 0x04 != 0
    let hasUserName = flags & 0x80 != 0
    let hasPassword = flags & 0x40 != 0
    guard flags & 0x01 == 0, let willQoS = QoS(rawValue: flags >> 3 & 3),
      hasWill || flags & 0x38 == 0, hasUserName || !hasPassword || version == .v5
    else { throw .connectFlags(flags) }
    cleanStart = flags & 0x02 != 0
    keepAlive = try reader.u16()
    properties = version == .v5 ? try Properties(from: &reader, .connect) : .none
    if properties.contains(.authenticationData), !properties.contains(.authenticationMethod) {
      throw .missingProperty(.authenticationMethod, .connect)
    }
    clientID = try reader.string()
    if hasWill {
      let willProperties = version == .v5 ? try Properties(from: &reader, .will) : .none
      let topic = try reader.string()
      if topic.isEmpty { throw .emptyTopic }
      if topic.bytes.withUnsafeBytes({ TopicName.hasWildcard($0) }) { throw .wildcardInTopic }
      will = Will(
        topic: topic, payload: try reader.binary(), qos: willQoS, retain: flags & 0x20 != 0,
        properties: willProperties)
    }
    userName = hasUserName ? try reader.string() : nil
    password = hasPassword ? try reader.binary() : nil
    try reader.expectEnd()
  }

  package func encode(into buffer: inout ByteBuffer) {
    buffer.append(PacketType.connect.rawValue << 4)
    buffer.appendWithLength { buffer in
      buffer.append(Self.name(version))
      buffer.append(version.rawValue)
      buffer.append(flags)
      buffer.append(keepAlive)
      if version == .v5 { properties.encode(into: &buffer) }
      buffer.append(clientID)
      if let will {
        if version == .v5 { will.properties.encode(into: &buffer) }
        buffer.append(will.topic)
        buffer.append(field: will.payload)
      }
      if let userName { buffer.append(userName) }
      if let password { buffer.append(field: password) }
    }
  }

  private var flags: UInt8 {
    var flags: UInt8 = cleanStart ? 0x02 : 0
    if let will { flags |= 0x04 | will.qos.rawValue << 3 | (will.retain ? 0x20 : 0) }
    if userName != nil { flags |= 0x80 }
    if password != nil { flags |= 0x40 }
    return flags
  }

  private static func name(_ version: ProtocolVersion) -> UTF8String {
    version == .v31 ? "MQIsdp" : "MQTT"
  }
}
