import TestSupport
import Testing

@testable import MQTTClient

/// The block that the socket reads into.
@Suite("Input buffer") struct InputBufferTests {
  private static let least = 64 << 10

  @Test("a length that is only claimed takes no memory") func claimed() {
    var buffer = InputBuffer()
    arrive([1, 2, 3], in: &buffer, wanted: 256 << 20)
    let room = buffer.room(wanted: 256 << 20)?.count
    #expect(room == InputBuffer.usual - 3)
  }

  @Test("grows as bytes arrive, to at most twice what is there") func grows() throws {
    var buffer = InputBuffer()
    let block = [UInt8](repeating: 7, count: 50_000)
    var arrived = 0
    while arrived < 3 << 20 {
      arrive(block, in: &buffer, wanted: 200 << 20)
      arrived += block.count
      let found = buffer.room(wanted: 200 << 20)?.count
      let room = try #require(found)
      #expect(room >= Self.least)
      #expect(arrived + room <= max(InputBuffer.usual, 2 * (arrived + Self.least)))
    }
    let isWhole = [UInt8](buffer.bytes) == [UInt8](repeating: 7, count: arrived)
    #expect(isWhole)
  }

  @Test("gives the memory of a large packet back once it is used up") func shrinks() throws {
    var buffer = InputBuffer()
    let block = [UInt8](repeating: 7, count: Self.least)
    while buffer.count < 9 << 20 { arrive(block, in: &buffer, wanted: 10 << 20) }
    buffer.removeFirst(buffer.count - 1)
    let found = buffer.room(wanted: 0)?.count
    let kept = try #require(found)
    #expect(kept > InputBuffer.usual)
    buffer.removeFirst(1)
    let room = buffer.room(wanted: 0)?.count
    #expect(room == InputBuffer.usual)
    arrive([1, 2, 3], in: &buffer)
    let bytes = [UInt8](buffer.bytes)
    #expect(bytes == [1, 2, 3])
  }

  @Test("does what an array does", arguments: 1...3 as ClosedRange<UInt64>)
  func againstAnArray(_ seed: UInt64) throws {
    var random = Generator(seed: seed)
    var buffer = InputBuffer()
    var model: [UInt8] = []
    let source = random.bytes(101_000)
    for step in 0..<150 {
      let wanted = Int.random(in: 0...500_000, using: &random)
      let found = buffer.room(wanted: wanted)
      let room = try #require(found)
      try #require(room.count >= Self.least)
      let count = Int.random(in: 0...min(room.count, 100_000), using: &random)
      let arriving = source[step..<(step + count)]
      room.copyBytes(from: arriving)
      model += arriving
      buffer.filled(count)
      let used =
        step % 10 == 9
        ? model.count + 1 : Int.random(in: 0...max(1, model.count / 2), using: &random)
      buffer.removeFirst(used)
      model.removeFirst(min(used, model.count))
      let isSame = [UInt8](buffer.bytes) == model
      try #require(isSame, "differs after step \(step)")
    }
    buffer.removeAll()
    let (count, bytes) = (buffer.count, buffer.bytes.count)
    #expect(count == 0 && bytes == 0)
  }

  private func arrive(_ bytes: [UInt8], in buffer: inout InputBuffer, wanted: Int = 0) {
    buffer.room(wanted: wanted)?.copyBytes(from: bytes)
    buffer.filled(bytes.count)
  }
}
