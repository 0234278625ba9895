import StreamProtocols
import TestSupport
import Testing

@Suite("Frames to a WebSocket server, RFC 6455 §5.3") struct FrameWriterTests {
  @Test("the RFC's masked example") func example() {
    var writer = FrameWriter()
    let mask = [UInt8]([0x37, 0xfa, 0x21, 0x3d]).withUnsafeBytes { $0.load(as: UInt32.self) }
    writer.control(.pong, Array("Hello".utf8), mask: mask)
    #expect(
      Array(writer.bytes) == [0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58])
    writer = FrameWriter()
    writer.close(1002, mask: 0)
    #expect(Array(writer.bytes) == [0x88, 0x82, 0, 0, 0, 0, 3, 0xea])
  }

  @Test(
    "payload of every kind of length comes out again",
    arguments: [0, 1, 7, 8, 9, 125, 126, 127, 1000, FrameWriter.most, FrameWriter.most + 5])
  func lengths(_ length: Int) {
    var random = Generator(seed: UInt64(length))
    let payload = random.bytes(length)
    var writer = FrameWriter()
    payload.withUnsafeBytes { writer.frame($0, mask: UInt32(truncatingIfNeeded: random.next())) }
    let framed = min(length, FrameWriter.most)
    var bytes = Array(writer.bytes)
    let start = framed < 126 ? 2 : 4
    #expect(bytes[0] == 0x82)
    #expect(bytes[1] == 0x80 | (framed < 126 ? UInt8(framed) : 126))
    if framed >= 126 { #expect(Int(bytes[2]) << 8 | Int(bytes[3]) == framed) }
    let mask = Array(bytes[start..<(start + 4)])
    bytes.removeFirst(start + 4)
    #expect(zip(bytes.indices, bytes).map { $1 ^ mask[$0 % 4] } == Array(payload.prefix(framed)))
  }

  @Test("Close behind payload, with a mask of its own, and not counted") func closeBehind() {
    let close: [UInt8] = [0x88, 0x82, 1, 2, 3, 4, 3 ^ 1, 0xe8 ^ 2]
    let mask = [UInt8]([1, 2, 3, 4]).withUnsafeBytes { $0.load(as: UInt32.self) }
    for (length, piece) in [(2, 1), (2, 100), (FrameWriter.most, 7), (FrameWriter.most, 100_000)] {
      let payload = [UInt8](repeating: 9, count: length)
      var writer = FrameWriter()
      payload.withUnsafeBytes { writer.frame($0, mask: 5) }
      let frame = Array(writer.bytes)
      writer.closeBehind(1000, mask: mask)
      #expect(Array(writer.bytes) == frame + close && !writer.isControl)
      var counted = 0
      while !writer.isEmpty { counted += writer.sent(piece) }
      #expect(counted == length)
    }
  }

  @Test("counts payload, and neither headers nor control frames, however it leaves") func counting()
  {
    var random = Generator(seed: 2)
    for _ in 0..<200 {
      let payload = random.bytes(Int.random(in: 0...300, using: &random))
      var writer = FrameWriter()
      payload.withUnsafeBytes { writer.frame($0, mask: 1) }
      var counted = 0
      while !writer.isEmpty { counted += writer.sent(Int.random(in: 1...9, using: &random)) }
      #expect(counted == payload.count)
      writer.control(.ping, [1, 2], mask: 1)
      #expect(writer.isControl && writer.sent(100) == 0 && writer.isEmpty)
    }
  }
}
