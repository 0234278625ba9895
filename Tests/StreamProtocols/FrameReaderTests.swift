import StreamProtocols
import TestSupport
import Testing

@Suite("Frames from a WebSocket server, RFC 6455 §5") struct FrameReaderTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let payload: [UInt8]
    let ending: FrameReader.Ending?
    var ping: [UInt8]?
    var testDescription: String { name }
    init(
      _ name: String, _ bytes: [UInt8], _ payload: [UInt8] = [],
      _ ending: FrameReader.Ending? = nil, ping: [UInt8]? = nil
    ) {
      self.name = name
      self.bytes = bytes
      self.payload = payload
      self.ending = ending
      self.ping = ping
    }
    init(_ name: String, _ bytes: [UInt8], _ payload: [UInt8] = [], _ fault: FrameFault) {
      self.init(name, bytes, payload, .fault(fault))
    }
  }

  private static let long = [UInt8](repeating: 7, count: 126)
  private static let huge = [UInt8](repeating: 9, count: 65_536)

  static let rows: [Row] = [
    Row("nothing", []),
    Row("an empty message", [0x82, 0]),
    Row("a message", [0x82, 2, 1, 2], [1, 2]),
    Row("two messages", [0x82, 1, 1, 0x82, 1, 2], [1, 2]),
    Row("a message of 126 bytes", [0x82, 126, 0, 126] + long, long),
    Row("a message of 65536 bytes", [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0] + huge, huge),
    Row("three fragments", [2, 1, 1, 0, 1, 2, 0x80, 1, 3], [1, 2, 3]),
    Row("an empty fragment first", [2, 0, 0x80, 1, 3], [3]),
    Row("a ping", [0x89, 2, 5, 6], ping: [5, 6]),
    Row("an empty ping", [0x89, 0], ping: []),
    Row("the latest of two pings", [0x89, 1, 1, 0x89, 1, 2], ping: [2]),
    Row("a ping between fragments", [2, 1, 1, 0x89, 1, 9, 0x80, 1, 2], [1, 2], ping: [9]),
    Row("a pong nobody asked for", [0x8a, 1, 1, 0x82, 1, 1], [1]),
    Row("Close", [0x88, 0], [], .closed(code: nil, reason: "")),
    Row("Close with a code", [0x88, 2, 3, 0xe8], [], .closed(code: 1000, reason: "")),
    Row(
      "Close with a reason", [0x82, 1, 1, 0x88, 5, 3, 0xf0] + "bad".utf8, [1],
      .closed(code: 1008, reason: "bad")),
    Row(
      "Close with an escape sequence", [0x88, 4, 3, 0xf0, 0x1b, 0x5b], [],
      .closed(code: 1008, reason: "?[")),
    Row("what follows Close", [0x88, 0, 0x81, 0xff], [], .closed(code: nil, reason: "")),
    Row("a code of the private range", [0x88, 2, 0x0f, 0xa0], [], .closed(code: 4000, reason: "")),
    Row("Close of one byte", [0x88, 1, 3], [], .close),
    Row("Close with 999", [0x88, 2, 3, 0xe7], [], .close),
    Row("Close with 1005", [0x88, 2, 3, 0xed], [], .close),
    Row("Close with 1006", [0x88, 2, 3, 0xee], [], .close),
    Row("Close with 1015", [0x88, 2, 3, 0xf7], [], .close),
    Row("Close with 5000", [0x88, 2, 0x13, 0x88], [], .close),
    Row("a reason that is no UTF-8", [0x88, 3, 3, 0xe8, 0xff], [], .closeReason),
    Row("text", [0x82, 1, 1, 0x81, 1, 0x61], [1], .text),
    Row("RSV1", [0xc2, 0], [], .reservedBits),
    Row("RSV2", [0xa2, 0], [], .reservedBits),
    Row("RSV3", [0x92, 0], [], .reservedBits),
    Row("opcode 3", [0x83, 0], [], .unknownOpcode(3)),
    Row("opcode 11", [0x8b, 0], [], .unknownOpcode(11)),
    Row("masked", [0x82, 0x81, 0, 0, 0, 0, 1], [], .masked),
    Row("masked and empty", [0x82, 0x80], [], .masked),
    Row("a ping of 126 bytes", [0x89, 126, 0, 126], [], .longControlFrame),
    Row("half a ping", [0x09, 0], [], .fragmentedControlFrame),
    Row("half a Close", [0x08, 0], [], .fragmentedControlFrame),
    Row("a continuation of nothing", [0x80, 0], [], .nothingToContinue),
    Row("a continuation of a whole message", [0x82, 0, 0, 0], [], .nothingToContinue),
    Row("a message within a message", [2, 1, 1, 0x82, 0], [1], .unfinishedMessage),
    Row("125 bytes in the long form", [0x82, 126, 0, 125], [], .length),
    Row("65535 bytes in the longest form", [0x82, 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff], [], .length),
    Row(
      "2^63 bytes", [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0], [], .length),
    Row("2^63 - 1 bytes and no more", [0x82, 127, 0x7f] + [UInt8](repeating: 0xff, count: 7)),
  ]

  @Test("whole and byte by byte", arguments: rows) func table(_ row: Row) {
    for size in [max(row.bytes.count, 1), 1] {
      var reader = FrameReader()
      #expect(Self.payload(of: row.bytes, by: &reader) { _ in size } == row.payload)
      #expect(reader.ending == row.ending)
      #expect(reader.takePing() == row.ping)
      #expect(reader.takePing() == nil)
    }
  }

  @Test("10^5 random splits of random messages") func splits() {
    var random = Generator(seed: 6455)
    for _ in 0..<2000 {
      let (bytes, payload, ping) = Self.stream(&random)
      for _ in 0..<50 {
        var reader = FrameReader()
        let most = Int.random(in: 1...max(bytes.count, 2), using: &random)
        let found = Self.payload(of: bytes, by: &reader) { _ in
          Int.random(in: 1...most, using: &random)
        }
        guard found == payload, reader.ending == nil, reader.ping == ping else {
          Issue.record("\(bytes) gave \(found), \(String(describing: reader.ending))")
          return
        }
      }
    }
  }

  @Test("random bytes end in some way, and never with more payload than bytes") func noise() {
    var random = Generator(seed: 1)
    for _ in 0..<20_000 {
      var bytes = random.bytes(Int.random(in: 0...40, using: &random))
      // Most of them begin well.
      if bytes.count > 2, Bool.random(using: &random) {
        bytes.replaceSubrange(0..<2, with: [0x82, 3])
      }
      var reader = FrameReader()
      var other = FrameReader()
      let whole = Self.payload(of: bytes, by: &reader) { _ in 64 }
      let single = Self.payload(of: bytes, by: &other) { _ in 1 }
      #expect(whole == single && reader.ending == other.ending && whole.count <= bytes.count)
    }
  }

  /// Messages in fragments, with control frames between.
  private static func stream(
    _ random: inout Generator
  ) -> (bytes: [UInt8], payload: [UInt8], ping: [UInt8]?) {
    var bytes: [UInt8] = []
    var payload: [UInt8] = []
    var ping: [UInt8]?
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let fragments = Int.random(in: 1...3, using: &random)
      for fragment in 1...fragments {
        let content = random.bytes(Int.random(in: 0...140, using: &random))
        let opcode: UInt8 = fragment == 1 ? 2 : 0
        bytes.append(opcode | (fragment == fragments ? 0x80 : 0))
        bytes += content.count < 126 ? [UInt8(content.count)] : [126, 0, UInt8(content.count)]
        bytes += content
        payload += content
        if Int.random(in: 0..<4, using: &random) == 0 {
          let content = random.bytes(Int.random(in: 0...5, using: &random))
          bytes += [0x89, UInt8(content.count)] + content
          ping = content
        }
      }
    }
    return (bytes, payload, ping)
  }

  private static func payload(
    of bytes: [UInt8], by reader: inout FrameReader, _ size: (Int) -> Int
  ) -> [UInt8] {
    var payload: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      var piece = Array(rest.prefix(size(rest.count)))
      rest = rest.dropFirst(piece.count)
      let count = piece.withUnsafeMutableBytes { reader.unwrap($0) }
      payload += piece[..<count]
    }
    return payload
  }
}
