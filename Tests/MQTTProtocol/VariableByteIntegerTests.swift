import MQTTProtocol
import Testing

@Suite("Variable byte integer, MQTT 5 §1.5.5") struct VariableByteIntegerTests {
  @Test(arguments: FixedHeaderTests.lengths)
  func writes(_ length: FixedHeaderTests.Length) {
    var buffer = ByteBuffer()
    buffer.appendVariable(length.number)
    let bytes = buffer.array
    #expect(bytes == length.bytes)
    #expect(VariableByteInteger.width(length.number) == length.bytes.count)
  }

  @Test(arguments: FixedHeaderTests.lengths)
  func reads(_ length: FixedHeaderTests.Length) throws {
    try length.bytes.withUnsafeBytes { raw in
      var reader = ByteReader(raw)
      let number = try reader.variable()
      #expect(number == length.number)
      #expect(reader.isAtEnd)
    }
  }

  @Test func endsAtTheMaximum() {
    #expect(VariableByteInteger.maximum == 268_435_455)
    #expect(VariableByteInteger.width(268_435_456) == 5)
  }

  /// The length in front is written last and may need more room than was left for it.
  @Test(arguments: [0, 1, 126, 127, 128, 129, 16_382, 16_383, 16_384, 16_385, 2_097_152], [0, 9])
  func lengthInFront(_ count: Int, _ before: Int) {
    let head = (0..<before).map { UInt8($0) }
    let body = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    var buffer = ByteBuffer(capacity: 16)
    buffer.append(0xee as UInt8)
    buffer.append(head)
    buffer.removeFirst(1)
    buffer.appendWithLength { $0.append(body) }
    buffer.append(0xff as UInt8)
    let bytes = buffer.array
    #expect(bytes == head + variable(count) + body + [0xff])
  }

  @Test func lengthInsideLength() {
    for inner in [0, 124, 125, 126, 127, 128] {
      let body = [UInt8](repeating: 0x55, count: inner)
      var buffer = ByteBuffer(capacity: 16)
      buffer.appendWithLength { $0.appendWithLength { $0.append(body) } }
      let bytes = buffer.array
      let block = variable(inner) + body
      #expect(bytes == variable(block.count) + block)
    }
  }
}
