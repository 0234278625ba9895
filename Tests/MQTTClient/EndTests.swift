import Glibc
import MQTTClient
import MQTTProtocol
import MQTTSession
import TestSupport
import Testing
import Transport

/// Connections that the server ends.
@Suite("Client: the end") struct EndTests {
  private static let connAck = Packet.connAck(ConnAck()).encoded(.v311)
  private static let bytes =
    connAck + message("1").encoded(.v311) + message("2", .atLeastOnce).encoded(.v311)

  @Test("wherever it comes, it is told with what came before it", arguments: 0...bytes.count)
  func anywhere(_ count: Int) throws {
    let line = try Line(over: { HaltingStream($0, pieces: 5, end: count) })
    while !(try line.client.flush()) {}
    line.server.send(Self.bytes)
    var seen: [String] = []
    let isEarly = count < Self.connAck.count
    #expect(throws: ClientFailure.closedByServer(beforeConnAck: isEarly)) {
      while true { try line.collect(into: &seen) }
    }
    let all = ["connected", "t: 1", "t: 2"]
    let whole = [Self.connAck.count, Self.connAck.count + 6, Self.bytes.count]
    #expect(seen == Array(all.prefix(whole.filter { $0 <= count }.count)))
  }

  @Test("a reset is the transport's failure") func reset() throws {
    let line = try Line.connected()
    try line.publish([1])
    try line.client.flush()
    // Closing with something unread is how a Unix socket resets.
    line.server.close()
    #expect(
      throws: ClientFailure.transport(.lost(errno: ECONNRESET))
    ) {
      try line.client.fill()
    }
  }

  @Test("a write that fails is told once what the server said before is read") func lastWords()
    throws
  {
    let line = try Line.connected(.v5)
    line.server.send(.disconnect(Disconnect(.quotaExceeded)))
    line.server.close()
    // A program that another test starts just now has a copy of the other end until it runs.
    try eventually("a write that fails") {
      try line.publish([1])
      return try line.client.flush()
    }
    #expect(throws: ClientFailure.session(.disconnected(Disconnect(.quotaExceeded)))) {
      try line.events()
    }
    let other = try Line.connected()
    other.server.close()
    try eventually("a write that fails") {
      try other.publish([1])
      return try other.client.flush()
    }
    #expect(throws: ClientFailure.transport(.lost(errno: EPIPE))) {
      try other.client.fill()
    }
  }

  @Test("a refusal is the session's failure") func refused() throws {
    let line = try Line()
    try line.client.flush()
    line.server.send(.connAck(ConnAck(code: 5)))
    #expect(throws: ClientFailure.session(.refused(ConnAck(code: 5)))) { try line.events() }
  }

  @Test("a malformed packet comes after the events before it", arguments: [false, true])
  func malformed(_ isTraced: Bool) throws {
    let line = try Line.connected(.v5)
    if isTraced { line.client.trace = { _, _, _ in } }
    line.server.send(message("1").encoded(.v5) + [0x00, 0x00])
    var seen: [String] = []
    #expect(throws: ClientFailure.session(.malformed(.unknownPacketType(0)))) {
      try line.collect(into: &seen)
    }
    #expect(seen == ["t: 1"])
    // The server is told why, and then it is over.
    line.client.abandon()
    #expect(try line.server.receive() == .disconnect(Disconnect(.protocolError)))
    #expect(try line.server.next() == nil)
  }
}
