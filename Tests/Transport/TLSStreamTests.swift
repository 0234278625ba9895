import Glibc
import TestSupport
import Testing

@testable import Transport

/// A server that sends anything but TLS.
@Suite("TLS handshake with anything") struct TLSStreamTests {
  @Test("2,000 random answers are faults or ends, and nothing worse") func random() throws {
    var configuration = TLSConfiguration()
    configuration.isVerified = false
    let context = try TLSContext(configuration) { () throws(TransportError) in [] }
    var generator = Generator(seed: 4)
    for round in 0..<2_000 {
      var ends: [CInt] = [-1, -1]
      #expect(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0)
      var answer = (0..<Int.random(in: 0...600, using: &generator)).map { _ in
        UInt8.random(in: .min ... .max, using: &generator)
      }
      // Half of them begin as a record does, with the length that follows.
      if round % 2 == 0, answer.count > 9 {
        let length = answer.count - 5
        answer.replaceSubrange(
          0..<5,
          with: [
            UInt8.random(in: 20...24, using: &generator), 3, 3, UInt8(length >> 8),
            UInt8(length & 0xff),
          ])
        if round % 4 == 0 { answer.replaceSubrange(5..<9, with: [2, 0, 0, UInt8(length & 0x7f)]) }
      }
      #expect(write(ends[1], answer, answer.count) == answer.count)
      shutdown(ends[1], CInt(SHUT_WR))
      let stream = SocketStream(ends[0])
      #expect(throws: TransportError.self) {
        _ = try TLSStream.connect(
          over: stream, context, to: .tcp(host: "localhost", port: 8883), host: "localhost",
          deadline: MonotonicClock.now() + .seconds(10), stop: nil)
      }
      close(ends[1])
    }
  }
}
