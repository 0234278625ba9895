import MQTTProtocol
import MQTTSession
import Testing

/// Enhanced authentication, MQTT 5 §4.12: who may send AUTH, and when.
@Suite("Authentication") struct AuthenticationTests {
  private let method = properties(Property(.authenticationMethod, "m"))

  private func authenticated(_ change: @escaping (inout SessionConfiguration) -> Void = { _ in })
    throws -> Peer
  {
    try Peer.connected(.v5, ConnAck(properties: method)) {
      $0.connect.properties = method
      change(&$0)
    }
  }

  private func auth(_ reason: ReasonCode) -> [UInt8] {
    Packet.auth(Auth(reason, method)).encoded(.v5)
  }

  @Test("with a method only AUTH and DISCONNECT before CONNACK, eager or not [3.1.2-30] (#46)")
  func nothingElseFirst() throws {
    let peer = Peer(.v5) {
      $0.connect.properties = method
      $0.eager = true
    }
    peer.session.connect(at: peer.now)
    _ = peer.sent()
    #expect(throws: Refusal.notConnected) { try peer.publish(.atMostOnce) }
    _ = try peer.receive(auth(.continueAuthentication))
    try peer.session.authenticate(.continueAuthentication, data: [1])
    try peer.session.disconnect()
    #expect(peer.sent().count == 2)
  }

  @Test("AUTH after CONNACK though we asked for none [4.12.1] (#101)") func unasked() throws {
    for reason in [ReasonCode.continueAuthentication, .success] {
      let peer = try authenticated()
      #expect(peer.fault(auth(reason)) == .unexpected(.auth))
      #expect(peer.disconnectReason() == 0x82)
    }
  }

  @Test("AUTH with success before CONNACK [4.12.0-2] (#101)") func successFirst() {
    let peer = Peer(.v5) { $0.connect.properties = method }
    peer.session.connect(at: peer.now)
    #expect(peer.fault(auth(.success)) == .unexpected(.auth))
  }

  @Test(
    "re-authentication: 0x19, challenge, answer 0x18, success; then it is over [4.12.0-3] (#47)")
  func again() throws {
    let peer = try authenticated()
    try peer.session.authenticate(.reAuthenticate, data: [])
    #expect(throws: Refusal.notAuthenticating) {
      try peer.session.authenticate(.reAuthenticate, data: [])
    }
    #expect(try peer.receive(auth(.continueAuthentication)).count == 1)
    try peer.session.authenticate(.continueAuthentication, data: [])
    #expect(try peer.receive(auth(.success)).count == 1)
    #expect(throws: Refusal.notAuthenticating) {
      try peer.session.authenticate(.continueAuthentication, data: [])
    }
    #expect(peer.fault(auth(.success)) == .unexpected(.auth))
  }

  @Test("a failed re-authentication ends the connection [4.12.1-2] (#101)") func failed() throws {
    let peer = try authenticated()
    try peer.session.authenticate(.reAuthenticate, data: [])
    let packet = Disconnect(.notAuthorized)
    #expect(peer.fault(Packet.disconnect(packet).encoded(.v5)) == .disconnected(packet))
  }

  @Test("codes that no client sends, data of 64 KiB, and AUTH behind DISCONNECT (#45, #47, #49)")
  func outOfTurn() throws {
    let peer = try authenticated()
    #expect(throws: Refusal.notAuthenticating) {
      try peer.session.authenticate(.success, data: [])
    }
    #expect(throws: Refusal.packetTooLarge(size: 65_536, limit: 65_535)) {
      try peer.session.authenticate(.reAuthenticate, data: Array(repeating: 0, count: 65_536))
    }
    try peer.session.disconnect()
    #expect(throws: Refusal.notConnected) {
      try peer.session.authenticate(.reAuthenticate, data: [])
    }
    #expect(peer.sent() == [.disconnect(Disconnect())])
  }

  @Test("problem information in AUTH that was not asked for [3.1.2-29] (#93)") func information()
    throws
  {
    let peer = try authenticated {
      $0.connect.properties.set(Property(.requestProblemInformation, 0))
    }
    try peer.session.authenticate(.reAuthenticate, data: [])
    var told = Auth(.success, method)
    told.properties.set(Property(.reasonString, "r"))
    #expect(peer.fault(Packet.auth(told).encoded(.v5)) == .problemInformationUnasked(.auth))
  }
}
