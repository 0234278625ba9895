import MQTTProtocol
import Testing

@Suite("Fixed header, MQTT 5 §2.1, MQTT 3.1.1 §2.2") struct FixedHeaderTests {
  struct Length: Sendable, CustomTestStringConvertible {
    var number: Int
    var bytes: [UInt8]
    var testDescription: String { "\(number) in \(bytes.count) bytes" }
  }

  /// The ends of the four rows of table 1-1.
  static let lengths: [Length] = [
    Length(number: 0, bytes: [0x00]),
    Length(number: 127, bytes: [0x7f]),
    Length(number: 128, bytes: [0x80, 0x01]),
    Length(number: 16_383, bytes: [0xff, 0x7f]),
    Length(number: 16_384, bytes: [0x80, 0x80, 0x01]),
    Length(number: 2_097_151, bytes: [0xff, 0xff, 0x7f]),
    Length(number: 2_097_152, bytes: [0x80, 0x80, 0x80, 0x01]),
    Length(number: 268_435_455, bytes: [0xff, 0xff, 0xff, 0x7f]),
  ]

  @Test(arguments: lengths, ProtocolVersion.allCases)
  func readsTheLength(_ length: Length, _ version: ProtocolVersion) throws {
    let header = try #require(try read([0x3d] + length.bytes, version))
    #expect(header.type == .publish)
    #expect(header.flags == 0x0d)
    #expect(header.remainingLength == length.number)
    #expect(header.size == 1 + length.bytes.count)
    #expect(header.packetSize == 1 + length.bytes.count + length.number)
  }

  @Test(arguments: lengths, ProtocolVersion.allCases)
  func waitsForTheWholeLength(_ length: Length, _ version: ProtocolVersion) throws {
    for count in 0...length.bytes.count {
      #expect(try read(Array(([0x30] + length.bytes).prefix(count)), version) == nil)
    }
  }

  @Test("too large, told from the header alone [MQTT-3.1.2-24] (#72)", arguments: lengths)
  func limit(_ length: Length) throws {
    let bytes = [0x30] + length.bytes
    let size = bytes.count + length.number
    #expect(try read(bytes, .v5, limit: size) != nil)
    let error = MalformedPacket.packetTooLarge(size: size, limit: size - 1)
    #expect(throws: error) { try read(bytes, .v5, limit: size - 1) }
    #expect(error.reason.rawValue == 0x95)
  }

  @Test(
    "a length of five bytes, told at its fourth [MQTT-1.5.5-1] (#54)",
    arguments: ProtocolVersion.allCases)
  func tooLong(_ version: ProtocolVersion) {
    #expect(throws: MalformedPacket.lengthTooLong) {
      try read([0x30, 0xff, 0xff, 0xff, 0xff], version)
    }
  }

  @Test(
    "a padded length is malformed in MQTT 5 alone [MQTT-1.5.5-1] (#54)",
    arguments: [[0x80, 0x00], [0x85, 0x80, 0x00], [0xff, 0xff, 0x80, 0x00]] as [[UInt8]])
  func padded(_ length: [UInt8]) throws {
    #expect(throws: MalformedPacket.lengthNotMinimal) { try read([0x30] + length, .v5) }
    for version in [ProtocolVersion.v31, .v311] {
      #expect(try read([0x30] + length, version)?.size == 1 + length.count)
    }
  }

  @Test("a wrong first byte is told before a second one comes (#56) (#57)")
  func firstByteAlone() {
    #expect(throws: MalformedPacket.unknownPacketType(0)) { try read([0x00], .v5) }
    #expect(throws: MalformedPacket.unknownPacketType(15)) { try read([0xf0], .v311) }
    #expect(throws: MalformedPacket.reservedFlags(.pubRel, 0)) { try read([0x60], .v5) }
  }

  @Test("reads where it is told to, and waits at the end and behind it")
  func position() throws {
    let bytes: [UInt8] = [0xc0, 0x00, 0xd0, 0x00]
    #expect(try read(bytes, .v5, at: 2)?.type == .pingResp)
    #expect(try read(bytes, .v5, at: 4) == nil)
    #expect(try read(bytes, .v5, at: 5) == nil)
  }

  private func read(
    _ bytes: [UInt8], _ version: ProtocolVersion, at position: Int = 0, limit: Int = .max
  ) throws -> FixedHeader? {
    try bytes.withUnsafeBytes { try FixedHeader(in: $0, at: position, limit: limit, version) }
  }
}
