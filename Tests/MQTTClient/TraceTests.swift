import MQTTClient
import MQTTProtocol
import MQTTSession
import Testing

/// What `-d` is shown.
@Suite("Client: trace") struct TraceTests {
  /// The packets that were shown, `>` for sent and `<` for received.
  private final class Shown {
    var packets: [String] = []
    var clients: [String] = []

    func watch(_ line: Line) {
      line.client.trace = { [self, version = line.version] direction, bytes, clientID in
        var position = 0
        let packet = try? Packet(from: bytes, at: &position, version)
        let isWhole = packet != nil && position == bytes.count
        let type = PacketType(rawValue: bytes[0] >> 4)
        packets.append(
          (direction == .sent ? "> " : "< ") + (isWhole ? "\(type ?? .auth)" : "no packet"))
        clients.append(clientID.description)
      }
    }
  }

  @Test(
    "every packet once and whole, however it is sent", arguments: [1, 3, 10, 100_000],
    [false, true])
  func once(_ pieces: Int, _ halts: Bool) throws {
    let line = try Line(over: { HaltingStream($0, pieces: pieces, halts: halts) })
    let shown = Shown()
    shown.watch(line)
    while !(try line.client.flush()) {}
    try line.server.handshake()
    for _ in 0..<20 { _ = try line.events() }
    try line.publish(Array("a message".utf8), .atLeastOnce)
    // More comes while a part of it is still to leave.
    try line.client.flush()
    try line.publish(Array("another".utf8))
    try line.client.session.disconnect()
    while !(try line.client.flush()) {}
    line.server.send(acknowledgement(.pubAck))
    for _ in 0..<20 { _ = try line.events() }
    #expect(
      shown.packets == [
        "> CONNECT", "< CONNACK", "> PUBLISH", "> PUBLISH", "> DISCONNECT", "< PUBACK",
      ])
  }

  @Test("a packet is shown before what it leads to, and before what is wrong with it") func before()
    throws
  {
    let line = try Line.connected()
    let shown = Shown()
    shown.watch(line)
    line.server.send(
      message("1", .atLeastOnce).encoded(.v311) + Packet.pingReq.encoded(.v311)
        + message("2").encoded(.v311))
    #expect(try line.client.fill())
    #expect(shown.packets == [])
    #expect(try line.client.nextEvent() != nil)
    #expect(shown.packets == ["< PUBLISH"])
    #expect(throws: ClientFailure.session(.unexpected(.pingReq))) { try line.client.nextEvent() }
    #expect(shown.packets == ["< PUBLISH", "< PINGREQ"])
  }

  @Test("what is no packet is not shown") func malformed() throws {
    let line = try Line.connected()
    let shown = Shown()
    shown.watch(line)
    line.server.send([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])
    #expect(throws: ClientFailure.session(.malformed(.lengthTooLong))) { try line.events() }
    #expect(shown.packets == [])
  }

  @Test("a client that was named by the server is shown by that name") func named() throws {
    let line = try Line(.v5, clientID: .empty)
    let shown = Shown()
    shown.watch(line)
    try line.client.flush()
    try line.server.handshake()
    _ = try line.events()
    try line.publish([1])
    try line.client.flush()
    #expect(shown.clients == ["", "", "assigned"])
  }

  @Test("a new connection begins anew, whatever was left of the last one") func again() throws {
    let line = try Line.connected(over: { HaltingStream($0, pieces: 3, halts: true) })
    let shown = Shown()
    shown.watch(line)
    try line.publish(Array("a message".utf8))
    try line.client.flush()
    line.server.send([0x20])
    _ = try line.events()
    try line.openAgain()
    try line.client.flush()
    try line.server.handshake()
    #expect(try line.events() == ["connected"])
    #expect(shown.packets == ["> PUBLISH", "> CONNECT", "< CONNACK"])
  }
}
