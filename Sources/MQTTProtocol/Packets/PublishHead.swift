// PUBLISH as it leaves: what many messages have in common is encoded once.

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
