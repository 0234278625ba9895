import MQTTProtocol
import MQTTSession
import Testing

/// Section 1d of the checklist, in virtual time.
@Suite("Keep-alive") struct KeepAliveTests {
  private func advance(_ peer: Peer, _ seconds: Int) throws {
    peer.now += .seconds(seconds)
    try peer.session.timeout(at: peer.now)
  }

  @Test("PINGREQ when nothing was sent for the interval [3.1.2-20] (#133)") func ping() throws {
    let peer = try Peer.connected()
    #expect(peer.nextTimeout == peer.now + .seconds(60))
    try advance(peer, 59)
    #expect(peer.sent() == [])
    try advance(peer, 1)
    #expect(peer.sent() == [.pingReq])
  }

  @Test("PINGREQ when only sending, so that a dead peer is found") func pingWhileSending() throws {
    let peer = try Peer.connected()
    for _ in 0..<6 {
      try peer.publish(.atMostOnce)
      _ = peer.sent()
      try advance(peer, 10)
    }
    #expect(peer.sent() == [.pingReq])
    for _ in 0..<5 {
      try peer.publish(.atMostOnce)
      _ = peer.sent()
      try advance(peer, 10)
    }
    #expect(throws: SessionFault.keepAliveTimeout) { try advance(peer, 10) }
  }

  @Test("no answer within one more interval: a dead link (#136)") func dead() throws {
    let peer = try Peer.connected(.v5)
    try advance(peer, 60)
    _ = peer.sent()
    try advance(peer, 59)
    #expect(throws: SessionFault.keepAliveTimeout) { try advance(peer, 1) }
    #expect(peer.disconnectReason() == 0x8d)
  }

  @Test("an answer starts anew, an unasked one does nothing [3.12.4-1] (#137)") func answered()
    throws
  {
    let peer = try Peer.connected()
    _ = try peer.receive(.pingResp)
    for _ in 0..<3 {
      try advance(peer, 60)
      #expect(peer.sent() == [.pingReq])
      _ = try peer.receive(.pingResp)
    }
  }

  @Test("the server's interval wins [3.1.2-21, 3.2.2-21] (#134)", arguments: [0, 1, 120])
  func serverKeepAlive(_ seconds: UInt32) throws {
    let limits = ConnAck(properties: properties(Property(.serverKeepAlive, seconds)))
    let peer = try Peer.connected(.v5, limits)
    #expect(
      peer.nextTimeout
        == (seconds == 0 ? nil : peer.now + .seconds(Int(seconds))))
  }

  @Test("0 switches it off, 65,535 is the most (#138)") func range() throws {
    let off = try Peer.connected { $0.connect.keepAlive = 0 }
    #expect(off.nextTimeout == nil)
    let most = try Peer.connected { $0.connect.keepAlive = 65_535 }
    #expect(most.nextTimeout == most.now + .seconds(65_535))
  }

  @Test("the timer aims at one interval, not one and a half (#135)") func timer() throws {
    let peer = try Peer.connected { $0.connect.keepAlive = 5 }
    #expect(peer.nextTimeout == peer.now + .seconds(5))
  }

  @Test("silence does not count while the application does not read (#133)") func paused() throws {
    let peer = try Peer.connected()
    peer.session.setReadingPaused(true, at: peer.now)
    for _ in 0..<5 {
      try advance(peer, 60)
      #expect(peer.sent() == [.pingReq])
    }
    peer.session.setReadingPaused(false, at: peer.now)
    try advance(peer, 59)
    #expect(throws: SessionFault.keepAliveTimeout) { try advance(peer, 1) }
  }

  @Test("a PINGREQ that cannot leave has its time too") func stuck() throws {
    let peer = try Peer.connected()
    try peer.publish(.atMostOnce)
    try advance(peer, 60)
    // Nothing of the output is taken: the link is dead after one more interval.
    #expect(throws: SessionFault.keepAliveTimeout) { try advance(peer, 60) }
  }

  @Test("a slow link that still moves is not dead") func slow() throws {
    let peer = try Peer.connected()
    try peer.publish(.atMostOnce, String(repeating: "x", count: 1000))
    for _ in 0..<20 {
      try advance(peer, 50)
      peer.session.transmitted(10, at: peer.now)
    }
  }

  @Test("PINGREQ again while the answer is behind a long packet [3.1.2-20] (#133)") func behind()
    throws
  {
    let peer = try Peer.connected { $0.connect.keepAlive = 10 }
    try advance(peer, 10)
    var pings = peer.sent().count
    _ = try peer.receive([0x30, 0xff, 0x7f, 0, 1, 0x74])
    for _ in 0..<20 {
      try advance(peer, 5)
      pings += peer.sent().count
      _ = try peer.receive([0x78])
    }
    #expect(pings == 11)
    try advance(peer, 9)
    #expect(throws: SessionFault.keepAliveTimeout) { try advance(peer, 1) }
  }

  @Test("only new bytes are a sign of life, only bytes that left count as sent (#133, #136)")
  func signs() throws {
    let peer = try Peer.connected()
    _ = try peer.receive([0x30, 5])
    for _ in 0..<6 {
      try advance(peer, 10)
      peer.session.transmitted(0, at: peer.now)
      _ = try peer.receive([])
    }
    #expect(peer.sent() == [.pingReq])
    try advance(peer, 59)
    _ = try peer.receive([])
    #expect(throws: SessionFault.keepAliveTimeout) { try advance(peer, 1) }
  }

  @Test("a server's interval counts from our last packet, not from its CONNACK (#71, #134)")
  func sinceConnect() throws {
    let peer = Peer(.v5)
    peer.session.connect(at: peer.now)
    _ = peer.sent()
    peer.now += .seconds(1)
    _ = try peer.receive(
      .connAck(ConnAck(properties: properties(Property(.serverKeepAlive, 2)))))
    #expect(peer.nextTimeout == peer.now + .seconds(1))
  }

  @Test("a pause ends with its connection (#136)") func pauseEnds() throws {
    let peer = try Peer.connected()
    peer.session.setReadingPaused(true, at: peer.now)
    try peer.connect()
    try advance(peer, 60)
    _ = peer.sent()
    #expect(throws: SessionFault.keepAliveTimeout) { try advance(peer, 60) }
  }

  @Test("a timer that was served lies in the future (no loop may spin)") func future() throws {
    let peer = try Peer.connected { $0.connect.keepAlive = 7 }
    for step in 0..<1000 {
      peer.session.setReadingPaused(step % 5 == 0, at: peer.now)
      peer.now = peer.nextTimeout ?? peer.now + .seconds(1)
      try peer.session.timeout(at: peer.now)
      #expect(peer.nextTimeout.map { $0 > peer.now } ?? true)
      if step % 3 == 0 { _ = peer.sent() }
      _ = try peer.receive([0xd0, 0])
    }
  }

  @Test("a day of keep-alives") func day() throws {
    let peer = try Peer.connected { $0.connect.keepAlive = 1 }
    var pings = 0
    while peer.now < .seconds(1000 + 86_400) {
      peer.now = peer.nextTimeout ?? peer.now
      try peer.session.timeout(at: peer.now)
      for packet in peer.sent() where packet == .pingReq { pings += 1 }
      _ = try peer.receive([0xd0, 0])
    }
    #expect(pings == 86_400)
  }

  @Test("10,000 connections one after the other, with messages in flight") func reconnecting()
    throws
  {
    let peer = Peer { $0.connect.cleanStart = false }
    try peer.connect()
    var acknowledged = 0
    for round in 1...10_000 {
      _ = try peer.publish(.exactlyOnce, "\(round)")
      _ = peer.sent()
      peer.now += .seconds(3)
      let resumption = try peer.connect(ConnAck(sessionPresent: true))
      #expect(resumption.resent == 1)
      let sent = peer.sent()
      guard case .publish(let packet)? = sent.first, let number = packet.packetID else {
        throw Peer.NoEvent()
      }
      #expect(packet.duplicate)
      let seen = try peer.receive(ack(.pubRec, number.rawValue), ack(.pubComp, number.rawValue))
      acknowledged += seen.count
    }
    #expect(acknowledged == 10_000)
    #expect(peer.isSettled)
  }
}
