import TestSupport
import Testing

@testable import LoadTest

@Suite("What has left of an output") struct OutputCutTests {
  @Test func `a message has not left until its last byte has`() {
    var generator = Generator(seed: 5)
    for _ in 0..<50 {
      var output: [UInt8] = []
      var ends: [Int] = []
      for _ in 0..<40 {
        // PUBLISH at QoS 0 and 1, PUBLISH again, PUBREL.
        let first: UInt8 = [0x30, 0x32, 0x3a, 0x62][Int(generator.next() % 4)]
        let length = Int(generator.next() % 400)
        output += [first]
        output +=
          length < 128 ? [UInt8(length)] : [UInt8(length & 0x7f | 0x80), UInt8(length >> 7)]
        output += [UInt8](repeating: 0x30, count: length)
        if first & 0xf8 == 0x30 { ends.append(output.count) }
      }
      var cut = OutputCut()
      var left = 0
      while left < output.count {
        let count = min(output.count - left, Int(generator.next() % 900) + 1)
        output[left...].withUnsafeBytes { cut.pass(count, of: $0) }
        left += count
        let waiting = output[left...].withUnsafeBytes { cut.messages(in: $0) }
        #expect(waiting == Int64(ends.count { $0 > left }))
      }
    }
  }
}
