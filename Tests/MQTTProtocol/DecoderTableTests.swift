// Every row of every packet's file, held against what has to be true of all of them.

import MQTTProtocol
import Testing

enum DecoderTable {
  static let valid: [ValidRow] = [
    HeaderRows.valid, ConnectRows.valid, ConnAckRows.valid, PublishRows.valid,
    AcknowledgementRows.valid, SubscribeRows.valid, SubscriptionAckRows.valid,
    UnsubscribeRows.valid, PingRows.valid, DisconnectRows.valid, AuthRows.valid,
    ReasonCodeRows.valid, PropertyRows.valid,
  ].flatMap { $0 }

  static let malformed: [MalformedRow] = [
    HeaderRows.malformed, ConnectRows.malformed, ConnAckRows.malformed, PublishRows.malformed,
    AcknowledgementRows.malformed, SubscribeRows.malformed, SubscriptionAckRows.malformed,
    UnsubscribeRows.malformed, PingRows.malformed, DisconnectRows.malformed, AuthRows.malformed,
    ReasonCodeRows.malformed, PropertyRows.malformed,
  ].flatMap { $0 }
}

@Suite("Decoder table") struct DecoderTableTests {
  @Test func hasFourHundredRowsOfEachKind() {
    #expect(DecoderTable.valid.count >= 400)
    #expect(DecoderTable.malformed.count >= 400)
    // Nor may the loops over whole bytes make up the number.
    #expect(
      DecoderTable.malformed.count - HeaderRows.malformed.count
        - ReasonCodeRows.malformed.count - ConnectRows.wrongFlags.count >= 400)
  }

  @Test func saysNothingTwice() {
    var seen: [String: Int] = [:]
    for row in DecoderTable.valid { seen[row.testDescription, default: 0] += 1 }
    for row in DecoderTable.malformed { seen[row.testDescription, default: 0] += 1 }
    #expect(seen.filter { $0.value > 1 }.keys.sorted() == [])
  }

  @Test func holdsEveryPacketInEveryVersion() {
    for version in ProtocolVersion.allCases {
      let types = Set(DecoderTable.valid.filter { $0.version == version }.map { $0.bytes[0] >> 4 })
      #expect(types == Set(1...(version == .v5 ? 15 : 14)))
    }
  }

  @Test(arguments: DecoderTable.valid) func decodes(_ row: ValidRow) throws {
    let expected = Decoded(packet: row.packet, size: row.bytes.count)
    #expect(try decode(row.bytes, row.version) == expected)
  }

  @Test(arguments: DecoderTable.valid) func encodes(_ row: ValidRow) {
    #expect(row.packet.encoded(row.version) == row.canonical)
  }

  /// Nil, never an error, until the last byte is there; then the packet, whatever follows it.
  @Test(arguments: DecoderTable.valid) func arrivesByteByByte(_ row: ValidRow) throws {
    var arrived: [UInt8] = []
    for byte in row.bytes {
      #expect(try decode(arrived, row.version) == nil)
      arrived.append(byte)
    }
    let expected = Decoded(packet: row.packet, size: row.bytes.count)
    #expect(try decode(arrived, row.version) == expected)
    #expect(try decode(arrived + [0xd0, 0x00], row.version) == expected)
  }

  @Test(arguments: DecoderTable.valid) func arrivesInTwoParts(_ row: ValidRow) throws {
    for cut in row.bytes.indices {
      var buffer = ByteBuffer(capacity: 16)
      buffer.append([0xd0, 0x00])
      buffer.append(Array(row.bytes[..<cut]))
      buffer.removeFirst(2)
      var position = 0
      let early = try Packet(from: buffer.bytes, at: &position, row.version)
      #expect(early == nil)
      #expect(position == 0)
      buffer.append(Array(row.bytes[cut...]))
      let whole = try Packet(from: buffer.bytes, at: &position, row.version)
      #expect(whole == row.packet)
      buffer.removeFirst(position)
      let left = buffer.count
      #expect(left == 0)
    }
  }

  @Test(arguments: DecoderTable.malformed) func refuses(_ row: MalformedRow) {
    #expect(throws: row.error) { try decode(row.bytes, row.version) }
    #expect(row.error.reason.rawValue == row.code)
    #expect(!row.error.description.isEmpty)
  }
}
