import MQTTClient
import MQTTProtocol
import MQTTSession
import Testing

/// How a connection begins, and begins again.
@Suite("Client: opening") struct OpeningTests {
  @Test("CONNECT leaves with the first flush", arguments: ProtocolVersion.allCases)
  func connect(_ version: ProtocolVersion) throws {
    let line = try Line(version)
    #expect(line.phase == .connecting)
    #expect(try line.client.flush())
    #expect(try line.server.receive() == .connect(Connect(version: version, clientID: "c")))
    #expect(line.waiting == 0)
    // Nothing to read yet, which is no failure.
    #expect(try !line.client.fill())
    #expect(try line.client.nextEvent() == nil)
  }

  @Test("what the server sends behind CONNACK may come with it") func together() throws {
    let line = try Line()
    try line.client.flush()
    line.server.send(
      Packet.connAck(ConnAck()).encoded(.v311) + message("1").encoded(.v311)
        + message("2").encoded(.v311))
    #expect(try line.client.fill())
    guard case .connected? = try line.client.nextEvent() else {
      Issue.record("not connected")
      return
    }
    // What was read before is not yet used up.
    #expect(try line.client.fill())
    #expect(try line.events() == ["t: 1", "t: 2"])
    #expect(try !line.client.fill())
    #expect(line.isDrained)
  }

  @Test("opening again closes the old connection and forgets what came of it") func again() throws {
    let line = try Line()
    try line.client.flush()
    let first = line.server
    _ = try first.receive()
    first.send([0x20, 2, 0])
    #expect(try line.events() == [])
    try line.openAgain()
    #expect(try first.next() == nil)
    try line.client.flush()
    try line.server.handshake()
    #expect(try line.events() == ["connected"])
  }

  @Test("what was not sent before is not sent to the next server") func leftovers() throws {
    let line = try Line.connected(over: { HaltingStream($0, pieces: 3, halts: true) })
    try line.publish(Array("lost".utf8))
    try line.client.flush()
    try line.openAgain()
    try line.client.flush()
    try line.server.handshake()
    #expect(try line.events() == ["connected"])
    try line.publish(Array("new".utf8))
    try line.client.flush()
    #expect(try line.server.receive() == message("new"))
  }

  @Test("without a connection there is nothing to read or write") func closed() throws {
    let line = try Line.connected()
    line.client.close()
    #expect(try line.server.next() == nil)
    #expect(line.phase == .idle)
    #expect(try line.client.flush())
    #expect(throws: ClientFailure.closedByServer(beforeConnAck: false)) { try line.client.fill() }
  }
}
