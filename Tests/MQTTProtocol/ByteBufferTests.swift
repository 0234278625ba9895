import MQTTProtocol
import TestSupport
import Testing

@Suite("Byte buffer") struct ByteBufferTests {
  @Test("does what an array does", arguments: 1...20 as ClosedRange<UInt64>)
  func againstAnArray(_ seed: UInt64) {
    var random = Generator(seed: seed)
    var buffer = ByteBuffer(capacity: Int.random(in: 0...64, using: &random))
    var model: [UInt8] = []
    for step in 0..<400 {
      change(&buffer, &model, &random)
      let (bytes, count, isEmpty) = (buffer.array, buffer.count, buffer.isEmpty)
      guard bytes == model, count == model.count, isEmpty == model.isEmpty else {
        Issue.record("differs after step \(step)")
        return
      }
    }
  }

  private func change(
    _ buffer: inout ByteBuffer, _ model: inout [UInt8], _ random: inout Generator
  ) {
    switch Int.random(in: 0...12, using: &random) {
    case 0:
      let byte = UInt8.random(in: 0...255, using: &random)
      buffer.append(byte)
      model.append(byte)
    case 1:
      let number = UInt16.random(in: 0...(.max), using: &random)
      buffer.append(number)
      model += [UInt8(number >> 8), UInt8(number & 0xff)]
    case 2:
      let number = UInt32.random(in: 0...(.max), using: &random)
      buffer.append(number)
      model += [24, 16, 8, 0].map { UInt8(number >> $0 & 0xff) }
    case 3, 4:
      let bytes = random.bytes(Int.random(in: 0...90, using: &random))
      buffer.append(bytes)
      model += bytes
    case 5:
      let number = Int.random(in: 0...0x0fff_ffff, using: &random)
      buffer.appendVariable(number)
      model += variable(number)
    case 6:
      let bytes = random.bytes(Int.random(in: 100...150, using: &random))
      buffer.appendWithLength { $0.append(bytes) }
      model += variable(bytes.count) + bytes
    case 7:
      let count = Int.random(in: 0...model.count + 3, using: &random)
      buffer.truncate(to: count)
      model = Array(model.prefix(count))
    case 8:
      let (byte, place) = (UInt8(0xa5), Int.random(in: -1...model.count, using: &random))
      buffer.set(byte, at: place)
      if model.indices.contains(place) { model[place] = byte }
    case 9:
      buffer.reserve(Int.random(in: 0...200, using: &random))
    case 10 where Int.random(in: 0...9, using: &random) == 0:
      buffer.removeAll()
      model = []
    default:
      let count = Int.random(in: -1...80, using: &random)
      buffer.removeFirst(count)
      model = Array(model.dropFirst(max(count, 0)))
    }
  }

  @Test func holdsAMegabyteOfOneByteAppends() {
    var buffer = ByteBuffer(capacity: 0)
    for number in 0..<1_048_576 { buffer.append(UInt8(truncatingIfNeeded: number)) }
    let (count, last) = (buffer.count, buffer.bytes[1_048_575])
    #expect(count == 1_048_576)
    #expect(last == 0xff)
  }

  /// A stream that is emptied as it is filled stays in the block it began with.
  @Test func aSteadyStreamStaysWhereItIs() {
    var buffer = ByteBuffer(capacity: 64)
    buffer.append([0])
    let block = buffer.bytes.baseAddress
    for _ in 0..<1_000 {
      buffer.append([1, 2, 3, 4, 5, 6, 7])
      buffer.removeFirst(7)
    }
    buffer.removeFirst(1)
    buffer.append([0])
    let now = buffer.bytes.baseAddress
    #expect(now == block)
  }
}
