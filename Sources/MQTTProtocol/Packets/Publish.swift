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
