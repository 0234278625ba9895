import Foundation
import MQTTClient
import MQTTProtocol
import TestSupport
import Testing

/// Packets that no buffer was made for.
@Suite("Client: large packets") struct LargePacketTests {
  @Test("a message larger than the input's block arrives whole", arguments: [false, true])
  func arrives(_ isTraced: Bool) throws {
    let line = try Line.connected()
    var largest = 0
    if isTraced { line.client.trace = { _, packet, _ in largest = max(largest, packet.count) } }
    var random = Generator(seed: 8)
    let pattern = random.bytes(1021)
    var payload: [UInt8] = []
    for _ in 0..<1027 { payload += pattern }
    let (server, large, small) = (line.server, message(payload), message("small"))
    Thread.detachNewThread {
      server.send(small)
      server.send(large)
      server.send(small)
    }
    #expect(try line.nextEvent() == "t: small")
    while true {
      if case .message(let message)? = try line.client.nextEvent() {
        #expect([UInt8](message.payload) == payload)
        break
      }
      if try line.client.fill() { continue }
      try #require(try !line.client.wait(until: deadline).isLate)
    }
    #expect(try line.nextEvent() == "t: small")
    #expect(largest == (isTraced ? large.encoded(.v311).count : 0))
  }

  @Test("a server that does not read is read from all the same") func blockedWrite() throws {
    let line = try Line.connected()
    let block = [UInt8](repeating: 7, count: 64 << 10)
    for _ in 0..<32 { try line.publish(block) }
    #expect(try !line.client.flush())
    let waiting = line.waiting
    for number in 1...3 { line.server.send(message("\(number)")) }
    #expect(try !line.client.wait(until: deadline).isLate)
    #expect(try line.events() == ["t: 1", "t: 2", "t: 3"])
    #expect(line.waiting == waiting)
    // The server begins to read, and gets everything.
    let (server, expected) = (line.server, message(block))
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      for _ in 0..<32 { guard (try? server.receive()) == expected else { return } }
      done.signal()
    }
    while !(try line.client.flush()) {
      try #require(try !line.client.wait(until: deadline).isLate)
      _ = try line.events()
    }
    #expect(done.wait(timeout: .now() + 10) == .success)
  }

  private var deadline: Duration { .seconds(monotonicSeconds() + 10) }
}
