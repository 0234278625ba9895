/// What belongs to a message beside its payload and may not be changed on its way.
package struct Binding: Sendable {
  package var topic: [UInt8]
  package var contentType: [UInt8]?
  /// MQTT 5's payload format indicator is 1.
  package var isText: Bool
  /// Response topic, correlation data and user properties as MQTT 5 encodes them, in the order of their
  /// identifiers; user properties in their own order.
  package var others: [UInt8]

  package init(
    topic: [UInt8], contentType: [UInt8]? = nil, isText: Bool = false, others: [UInt8] = []
  ) {
    self.topic = topic
    self.contentType = contentType
    self.isText = isText
    self.others = others
  }

  /// What the cipher binds, and the signature too: the header, the topic, the properties.
  func context(_ header: [UInt8]) -> [UInt8] {
    var bytes = header + field(topic)
    if isText { bytes += [0x01, 0x01] }
    if let contentType { bytes += [0x03] + field(contentType) }
    return bytes + others
  }
}

/// The 32 bytes that all the rest of a sealed message is encrypted with, from a key and the sender's run:
/// the sequence number is the nonce, so a run must have a key of its own.
func contentKey(
  _ base: [UInt8], suite: UInt8, _ sender: SenderID
) throws(CryptoFailure) -> [UInt8] {
  try hkdf(base, salt: sender.bytes, info: Array("apus-sealing-1 content".utf8) + [0, suite])
}

/// What a content key is wrapped with for one recipient.
func wrappingKey(
  _ agreement: [UInt8], ephemeral: [UInt8], recipient: [UInt8], _ sender: SenderID
) throws(CryptoFailure) -> [UInt8] {
  try hkdf(
    agreement, salt: sender.bytes,
    info: Array("apus-sealing-1 wrap".utf8) + [0] + ephemeral + recipient)
}

func nonce(_ sequence: UInt64) -> [UInt8] { [0, 0, 0, 0] + bigEndian(sequence) }

/// What is signed: a hash, so that a payload of any size is read once and kept nowhere.
func statement(_ digest: [UInt8]) -> [UInt8] {
  Array("apus-sealing-1 signature".utf8) + [0] + digest
}
