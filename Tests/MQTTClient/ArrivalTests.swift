import MQTTClient
import MQTTProtocol
import Testing

/// A server's bytes, in pieces of every size.
@Suite("Client: arrival") struct ArrivalTests {
  private static let packets: [Packet] = [
    .connAck(ConnAck()), message("0"), message("1", .atLeastOnce, 1),
    message("2", .exactlyOnce, 2), acknowledgement(.pubRel, 2), .pingResp,
    message(String(repeating: "long ", count: 60)), message(""),
  ]

  @Test(
    "the pieces make no difference, and neither does looking on",
    arguments: [1, 2, 3, 5, 7, 64, 100_000], [false, true])
  func pieces(_ size: Int, _ isTraced: Bool) throws {
    for halts in [false, true] {
      let line = try Line(over: { HaltingStream($0, pieces: size, halts: halts) })
      var shown = 0
      if isTraced { line.client.trace = { _, _, _ in shown += 1 } }
      while !(try line.client.flush()) {}
      guard case .connect = try line.server.receive() else {
        Issue.record("no CONNECT")
        return
      }
      line.server.send(Self.packets.flatMap { $0.encoded(.v311) })
      var seen: [String] = []
      // The stream halts every other time, so that twice nothing is nothing.
      for _ in 0..<1000 { try line.collect(into: &seen) }
      #expect(seen == ["connected", "t: 0", "t: 1", "t: 2", "t: 300 bytes", "t: "])
      while !(try line.client.flush()) {}
      let answers = try (0..<3).map { _ in try line.server.receive() }
      #expect(
        Set(answers) == [
          acknowledgement(.pubAck, 1), acknowledgement(.pubRec, 2), acknowledgement(.pubComp, 2),
        ])
      #expect(shown == (isTraced ? 1 + Self.packets.count + 3 : 0))
    }
  }

  @Test("the last byte of a packet brings its event, not the one before it") func lastByte() throws
  {
    let line = try Line.connected()
    let bytes = message("whole").encoded(.v311)
    line.server.send(bytes.dropLast())
    #expect(try line.events() == [])
    line.server.send(bytes.suffix(1))
    #expect(try line.events() == ["t: whole"])
  }
}
