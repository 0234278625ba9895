import MQTTProtocol
import Rendering
import Testing

/// What `sub` prints where no format was asked for.
@Suite("Plain format") struct PlainFormatTests {
  /// A whole message, as the caller puts it together.
  private func shown(_ format: PlainFormat, _ topic: [UInt8], _ payload: [UInt8]) -> [UInt8] {
    var output = ByteBuffer()
    topic.withUnsafeBytes { format.appendHead(topic: $0, to: &output) }
    output.append(payload)
    format.appendTail(to: &output)
    return output.array
  }

  @Test("the payload and a newline") func payload() {
    #expect(shown(PlainFormat(), Array("a/b".utf8), Array("21.5".utf8)) == Array("21.5\n".utf8))
  }

  @Test("with -v the topic comes first") func topic() {
    let format = PlainFormat(showsTopic: true)
    #expect(shown(format, Array("a/b".utf8), Array("21.5".utf8)) == Array("a/b 21.5\n".utf8))
    #expect(shown(format, Array("a b".utf8), []) == Array("a b \n".utf8))
  }

  @Test("with -N nothing comes last") func noNewline() {
    let format = PlainFormat(endsWithNewline: false)
    #expect(shown(format, [0x61], [0x62]) == [0x62])
    #expect(
      shown(PlainFormat(showsTopic: true, endsWithNewline: false), [0x61], []) == [0x61, 0x20])
  }

  @Test("payload and topic are bytes, left as they are") func bytes() {
    let format = PlainFormat(showsTopic: true)
    #expect(
      shown(format, [0x1b, 0xc3, 0xbc], [0, 0xff, 0x0a]) == [
        0x1b, 0xc3, 0xbc, 0x20, 0, 0xff, 0x0a, 0x0a,
      ])
  }
}
