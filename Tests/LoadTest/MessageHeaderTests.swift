import Testing

@testable import LoadTest

@Suite("Headers of bench's payloads") struct MessageHeaderTests {
  private static let header = MessageHeader(
    due: 1_700_000_000_123_456_789, delay: 42, isWarmUp: true, run: 0xabc, publisher: 0x12345,
    number: 0xdead_beef)

  private static func payload(body: [UInt8]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: MessageHeader.size) + body
    var sum = Checksum()
    body.withUnsafeBytes { sum.add($0) }
    bytes.withUnsafeMutableBytes {
      if let base = $0.baseAddress { header.write(to: base, behind: sum) }
    }
    return bytes
  }

  @Test("the check value of CRC-32C, RFC 3720 B.4") func checksum() {
    var sum = Checksum()
    for piece in ["1234", "5", "6789"] { Array(piece.utf8).withUnsafeBytes { sum.add($0) } }
    #expect(sum.value == 0xe306_9283)
    var zeroes = Checksum()
    [UInt8](repeating: 0, count: 32).withUnsafeBytes { zeroes.add($0) }
    #expect(zeroes.value == 0x8a91_36aa)
  }

  @Test("bytes stand where the manual says") func layout() {
    let bytes = Self.payload(body: [1, 2, 3])
    #expect(bytes[..<8] == [0x17, 0x97, 0x9c, 0xfe, 0x3d, 0x85, 0xcd, 0x15][...])
    #expect(bytes[8..<20] == [0x80, 0, 0, 42, 0xab, 0xc1, 0x23, 0x45, 0xde, 0xad, 0xbe, 0xef][...])
  }

  @Test("what is written is read, whatever the body's length", arguments: [0, 1, 7, 8, 40, 1000])
  func roundTrip(_ length: Int) {
    let bytes = Self.payload(body: (0..<length).map { UInt8(truncatingIfNeeded: $0) })
    let read = bytes.withUnsafeBytes { MessageHeader.read($0) }
    #expect(read?.header == Self.header)
    #expect(read?.isWhole == true)
  }

  @Test("a bit anywhere that is not what it was is found") func corruption() {
    let bytes = Self.payload(body: [9, 8, 7, 6, 5])
    for bit in 0..<(8 * bytes.count) {
      var changed = bytes
      changed[bit / 8] ^= 1 << (bit % 8)
      #expect(changed.withUnsafeBytes { MessageHeader.read($0)?.isWhole } == false, "bit \(bit)")
    }
  }

  @Test("a payload that is shorter has none") func short() {
    #expect([UInt8](repeating: 0, count: 23).withUnsafeBytes { MessageHeader.read($0) == nil })
  }
}
