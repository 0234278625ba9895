import MQTTProtocol
import MQTTSession
import Testing

/// The straight road says what the long one says.
@Suite("plain messages") struct PlainMessagesTests {
  /// What the application sees of messages, with a letter for whatever else happens.
  private func seen(
    _ stream: [UInt8], _ version: ProtocolVersion, splitAt split: Int, straight: Bool
  ) throws -> [String] {
    let peer = try Peer.connected(version)
    var texts: [String] = []
    var position = 0
    var straightOnes = 0
    for end in [split, stream.count] {
      try stream[..<end].withUnsafeBytes { input in
        while true {
          if straight, let message = peer.session.nextPlainMessage(in: input, from: &position) {
            straightOnes += 1
            texts.append(text(message))
            continue
          }
          guard let event = try peer.session.nextEvent(in: input, from: &position, at: peer.now)
          else { return }
          if case .message(let message) = event {
            texts.append(text(message))
          } else {
            texts.append("?")
          }
        }
      }
    }
    #expect(position == stream.count)
    if straight { #expect(straightOnes > 0) }
    return texts
  }

  private func text(_ message: ReceivedMessage) -> String {
    let topic = String(decoding: message.topic, as: UTF8.self)
    return "\(topic) \(message.payload.count) \(message.payload.map(Int.init).reduce(0, +)) "
      + "\(Array(message.properties)) \(message.qos) \(message.retain) \(message.duplicate) "
      + "\(message.packetID.map { "\($0)" } ?? "-")"
  }

  @Test("are the same however they are read", arguments: [ProtocolVersion.v311, .v5])
  func same(version: ProtocolVersion) throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      var stream: [UInt8] = []
      var id: UInt16 = 0
      // The first of two teaches the topic, the second goes straight.
      for round in 0..<12 {
        let topic: UTF8String = ["a", "a", "a/b/c", "a"][round % 4]
        let qos: QoS = round % 5 == 4 ? .atLeastOnce : .atMostOnce
        id += 1
        var packet = Publish(
          topic: topic,
          payload: [UInt8](
            repeating: UInt8(round),
            count: [0, 1, 120, 122, 123, 124, 300, 20000]
              .randomElement(using: &random) ?? 0),
          qos: qos, retain: Bool.random(using: &random),
          packetID: qos == .atMostOnce ? nil : PacketID(rawValue: id))
        if version == .v5, round % 6 == 5 {
          packet.properties.set(Property(.contentType, "x"))
        }
        stream += Packet.publish(packet).encoded(version)
      }
      let split = Int.random(in: 0...stream.count, using: &random)
      #expect(
        try seen(stream, version, splitAt: split, straight: true)
          == seen(stream, version, splitAt: split, straight: false))
    }
  }

  @Test(
    "a length that is not minimal, a topic of another length, or too large a packet go the long way"
  )
  func refused() throws {
    let peer = try Peer.connected(.v311)
    _ = try peer.receive(.publish(Publish(topic: "ab", payload: [1])))
    for bad: [UInt8] in [
      [0x30, 0x85, 0x00, 0, 2, 0x61, 0x62, 1, 2, 3], [0x30, 5, 0, 3, 0x61, 0x62, 1, 2, 3, 4],
      [0x30, 3, 0, 2, 0x61, 0x62, 1, 2, 3, 4], [0x38, 5, 0, 2, 0x61, 0x62, 1, 2, 3, 4],
      [0x30, 0xff, 0x7f, 0, 2, 0x61, 0x62, 1, 2, 3], [0x30, 5, 0, 2, 0x61, 0x63, 1, 2, 3, 4],
      [0x30, 0x80, 0x80, 0x01, 0, 2, 0x61, 0x62, 1, 2],
    ] {
      var position = 0
      bad.withUnsafeBytes {
        let message = peer.session.nextPlainMessage(in: $0, from: &position)
        #expect(message.map(text) == nil)
      }
      #expect(position == 0)
    }
  }
}
