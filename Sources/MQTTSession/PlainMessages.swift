// The straight road of the most frequent packet.

import MQTTProtocol

extension Session {
  /// Returns the next packet when it is a message at QoS 0, without properties, on the topic of the message
  /// before; nil for everything else, which `nextEvent` sees to.
  ///
  /// What `nextEvent` checks of a message has been checked of the last one, or cannot be otherwise here.
  package mutating func nextPlainMessage(
    in input: UnsafeRawBufferPointer, from position: inout Int
  ) -> ReceivedMessage? {
    let known = lastTopic.count
    let hasProperties = version == .v5 ? 1 : 0
    // The longest header, the topic and its length.
    guard phase == .connected, known > 0, input.count - position >= 5 + 2 + known + hasProperties,
      input[position] & ~1 == 0x30
    else { return nil }
    var length = Int(input[position + 1])
    var start = position + 2
    if length >= 0x80 {
      // Two bytes of length; more are rare.
      let high = Int(input[position + 2])
      guard high > 0, high < 0x80 else { return nil }
      length = length & 0x7f | high << 7
      start += 1
    }
    let payload = start + 2 + known + hasProperties
    let end = start + length
    guard payload <= end, end <= input.count, end - position <= own.maximumPacketSize,
      Int(input[start]) << 8 | Int(input[start + 1]) == known,
      hasProperties == 0 || input[payload - 1] == 0
    else { return nil }
    let topic = UnsafeRawBufferPointer(rebasing: input[start + 2..<start + 2 + known])
    guard PublishLayout.same(topic, lastTopic.bytes) else { return nil }
    let retain = input[position] & 1 == 1
    position = end
    // `nextEvent` takes it for something new.
    unread = -1
    return ReceivedMessage(
      topic: topic, payload: UnsafeRawBufferPointer(rebasing: input[payload..<end]),
      properties: UnsafeRawBufferPointer(rebasing: input[payload - hasProperties..<payload]),
      qos: .atMostOnce, retain: retain, packetID: nil)
  }
}
