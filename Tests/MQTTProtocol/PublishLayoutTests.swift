import MQTTProtocol
import Testing

@Suite("PUBLISH where it lies, MQTT 5 §3.3") struct PublishLayoutTests {
  @Test func findsTheParts() throws {
    let properties = block([0x02, 0, 0, 0, 9], [0x23, 0, 7])
    let body = field("a/b") + idBytes + properties + [0xaa, 0xbb]
    try body.withUnsafeBytes { raw in
      let layout = try PublishLayout(from: raw, flags: 0b1101, .v5)
      #expect(layout.qos == .exactlyOnce)
      #expect(layout.duplicate)
      #expect(layout.retain)
      #expect(layout.topic == 2..<5)
      #expect(layout.packetID == id)
      #expect(layout.properties == 7..<16)
      #expect(layout.topicAlias == 7)
      #expect(layout.payload == 16..<18)
    }
  }

  @Test func hasNoPropertiesBelowMQTT5() throws {
    try (field("t") + [0, 0xff]).withUnsafeBytes { raw in
      let layout = try PublishLayout(from: raw, flags: 0, .v311)
      #expect(layout.properties.isEmpty)
      #expect(layout.packetID == nil)
      #expect(layout.payload == 3..<5)
    }
  }

  /// A topic seen before is not checked again; any other is, however like it.
  @Test(
    "checks what is not the known topic, of 1 to 20 bytes (#51) (#81)", arguments: 1...20)
  func knownTopic(_ length: Int) throws {
    let known = [UInt8](repeating: 0x61, count: length)
    for place in known.indices {
      for (byte, error) in [
        (0x2b, MalformedPacket.wildcardInTopic), (0xff, .string(.illFormed)),
        (0x00, .string(.nullCharacter)),
      ] as [(UInt8, MalformedPacket)] {
        var topic = known
        topic[place] = byte
        #expect(throws: error) { try read(topic, known: known) }
      }
    }
    #expect(throws: MalformedPacket.wildcardInTopic) { try read(known + [0x23], known: known) }
    try read(known, known: known)
  }

  private func read(_ topic: [UInt8], known: [UInt8]) throws {
    try field(topic).withUnsafeBytes { body in
      try known.withUnsafeBytes { known in
        _ = try PublishLayout(from: body, flags: 0, .v311, known: known)
      }
    }
  }

  /// What is told before sending is what is sent (#4) (#26).
  @Test(arguments: [0, 1, 120, 121, 122, 123, 124, 125, 200, 16_380], QoS.allCases)
  func headKnowsThePacketSize(_ payloadLength: Int, _ qos: QoS) throws {
    for version in ProtocolVersion.allCases {
      let publish = Publish(
        topic: "t", payload: Array(repeating: 1, count: payloadLength), qos: qos,
        packetID: qos == .atMostOnce ? nil : id, properties: Properties([Property(.topicAlias, 1)!])
      )
      let head = PublishHead(
        topic: publish.topic, qos: qos, retain: false, properties: publish.properties, version)
      let bytes = Packet.publish(publish).encoded(version)
      #expect(head.packetSize(payloadLength: payloadLength) == bytes.count)
      #expect(!head.isRetained)
    }
  }
}
