import Glibc
import MQTTClient
import MQTTProtocol
import MQTTSession
import Testing
import Transport

/// The one place where a client waits.
@Suite("Client: waiting") struct WaitTests {
  private func soon() -> Duration { MonotonicClock.now() + .milliseconds(20) }
  private func later() -> Duration { MonotonicClock.now() + .seconds(10) }

  @Test("for the deadline, and not less") func deadline() throws {
    let line = try Line.connected()
    let deadline = soon()
    let wakeup = try line.client.wait(until: deadline)
    #expect(wakeup.isLate && !wakeup.other)
    #expect(MonotonicClock.now() >= deadline)
  }

  @Test("for the socket") func socket() throws {
    let line = try Line.connected()
    line.server.send(message("1"))
    #expect(try !line.client.wait(until: later()).isLate)
    #expect(try line.events() == ["t: 1"])
  }

  @Test("for the server's end, which reading tells") func end() throws {
    let line = try Line.connected()
    line.server.close()
    #expect(try !line.client.wait(until: later()).isLate)
    #expect(throws: ClientFailure.closedByServer(beforeConnAck: false)) { try line.client.fill() }
  }

  @Test("for room to write what is left") func room() throws {
    let line = try Line.connected(over: { HaltingStream($0, pieces: 3, halts: true) })
    try line.publish(Array("a long message".utf8))
    var rounds = 0
    while !(try line.client.flush()) {
      #expect(try !line.client.wait(until: later()).isLate)
      rounds += 1
    }
    #expect(rounds > 3)
    #expect(try line.server.receive() == message("a long message"))
  }

  @Test("for another descriptor beside the socket") func other() throws {
    let line = try Line.connected()
    var ends: [CInt] = [-1, -1]
    #expect(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let watch = Watch(ends[0], .readable)
    #expect(try !line.client.wait(other: watch, until: soon()).other)
    write(ends[1], "x", 1)
    let wakeup = try line.client.wait(other: watch, until: later())
    #expect(wakeup.other && !wakeup.isLate)
    line.client.close()
    #expect(try line.client.wait(other: watch, until: later()).other)
  }

  @Test("while not reading, what arrives does not end it") func paused() throws {
    let line = try Line.connected()
    line.server.send(message("1"))
    #expect(try line.client.wait(reading: false, until: soon()).isLate)
    #expect(try !line.client.wait(until: later()).isLate)
    #expect(try line.events() == ["t: 1"])
  }

  @Test("while not reading, even the server's end does not end it") func pausedEnd() throws {
    let line = try Line.connected()
    line.server.close()
    let deadline = soon()
    #expect(try line.client.wait(reading: false, until: deadline).isLate)
    #expect(MonotonicClock.now() >= deadline)
  }

  @Test("while not reading, what is left is still written") func pausedOutput() throws {
    let line = try Line.connected()
    try line.publish(Array("1".utf8))
    #expect(try !line.client.wait(reading: false, until: later()).isLate)
  }

  @Test("no longer than keep-alive allows: PINGREQ goes out, and its answer counts") func ping()
    throws
  {
    let line = try Line.connected(keepAlive: 1)
    let limit = later()
    while line.waiting == 0 {
      try #require(try !line.client.wait(until: limit).isLate)
    }
    try line.client.flush()
    #expect(try line.server.receive() == .pingReq)
    line.server.send(.pingResp)
    #expect(try line.events() == [])
  }
}
