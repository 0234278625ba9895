import MQTTProtocol
import Testing

@Suite("Byte reader") struct ByteReaderTests {
  @Test func readsNumbersHighByteFirst() throws {
    try ([1, 2, 3, 4, 5, 6, 7] as [UInt8]).withUnsafeBytes { raw in
      var reader = ByteReader(raw)
      let numbers = (try reader.u8(), try reader.u16(), try reader.u32())
      #expect(numbers == (0x01, 0x0203, 0x0405_0607))
      #expect(reader.isAtEnd)
      #expect(throws: MalformedPacket.truncated) { try reader.u8() }
    }
  }

  @Test("never reads beyond its part", arguments: 0...3) func staysInItsPart(_ length: Int) throws {
    try ([0, 9, 9, 9, 9, 9] as [UInt8]).withUnsafeBytes { raw in
      var outer = ByteReader(raw)
      var part = try outer.part(length)
      #expect(outer.remaining == 6 - length)
      #expect(part.remaining == length)
      #expect(throws: MalformedPacket.truncated) { try part.u32() }
    }
  }

  @Test func clampsARangeThatIsNotThere() {
    ([1, 2, 3] as [UInt8]).withUnsafeBytes { raw in
      #expect(ByteReader(raw, 1..<9).remaining == 2)
      #expect(ByteReader(raw, 7..<9).isAtEnd)
      #expect(ByteReader(raw, -4..<2).remaining == 2)
    }
  }

  @Test("a claimed length takes no memory and reads nothing (#58)") func claimedLength() {
    ([0xff, 0xff, 0x61] as [UInt8]).withUnsafeBytes { raw in
      var reader = ByteReader(raw)
      #expect(throws: MalformedPacket.truncated) { try reader.string() }
      reader = ByteReader(raw)
      #expect(throws: MalformedPacket.truncated) { try reader.binary() }
    }
  }
}
