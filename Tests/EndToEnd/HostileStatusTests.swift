import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// What a broker does, what is asked of the program, and how it must end.
struct StatusRow: Sendable, CustomTestStringConvertible {
  let name: String
  let line: String
  let version: ProtocolVersion
  let status: Int32
  let mentions: [String]
  let script: @Sendable (ScriptedConnection) throws -> Void

  var testDescription: String { name }

  init(
    _ name: String, _ line: String, _ version: ProtocolVersion = .v311, exits status: Int32,
    says mentions: String..., script: @escaping @Sendable (ScriptedConnection) throws -> Void
  ) {
    self.name = name
    self.line = line
    self.version = version
    self.status = status
    self.mentions = mentions
    self.script = script
  }

  func check() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(version)
      try script(connection)
      // Until the program has seen it all.
      while (try? connection.next()) ?? nil != nil {}
    }
    let words = line.split(separator: " ").map(String.init)
    let option = version == .v5 ? ["-V", "5"] : []
    let program = try RunningProgram(
      [Program.apus, words[0]] + broker.address + option + words.dropFirst())
    let ending = try program.wait(within: 10)
    #expect(ending == .exited(status), "\(program.errorText)")
    expectOneLine(program.errorText, from: words[0])
    for mention in mentions { #expect(program.errorText.contains(mention)) }
    #expect(program.outputSoFar.isEmpty)
    try broker.finish()
  }
}

/// A CONNACK that accepts with properties.
func granting(_ properties: Property?...) -> ConnAck {
  ConnAck(properties: Properties(properties.compactMap { $0 }))
}

/// The next packet, which must be a PUBLISH with an identifier.
func receivePublish(_ connection: ScriptedConnection) throws -> (Publish, PacketID) {
  guard case .publish(let message) = try connection.receive(), let id = message.packetID else {
    throw TestFailure("no PUBLISH above QoS 0")
  }
  return (message, id)
}

/// Nothing but DISCONNECT, PINGREQ or the end may come.
func expectNothingSent(_ connection: ScriptedConnection) throws {
  while let packet = try connection.next() {
    switch packet {
    case .disconnect, .pingReq: continue
    default: throw TestFailure("the program sent \(packet)")
    }
  }
}

@Suite("How the program ends when the broker refuses or breaks") struct HostileStatusTests {
  static let one = "pub -t a -m x -q 1"
  static let packetID = PacketID.first

  static let refusals: [StatusRow] =
    (1...5).map { code in
      StatusRow("CONNACK \(code) in 3.1.1 (#69)", "sub -t a", exits: Int32(code), says: "refused") {
        try $0.handshake(ConnAck(code: UInt8(code)))
      }
    }
    + [
      StatusRow(
        "CONNACK 0x87 with a reason (#69)", "sub -t a", .v5, exits: 135,
        says: "Not authorized", "no\\x1b[31m way\\n"
      ) {
        let reason = Property(.reasonString, "no\u{1b}[31m way\n")
        try $0.handshake(ConnAck(code: 0x87, properties: Properties([reason].compactMap { $0 })))
      },
      StatusRow(
        "CONNACK 0x9c names another server, which is not followed (#102)", "sub -t a -u me", .v5,
        exits: 156, says: "Use another server", "it refers to other.example:1883"
      ) {
        let other = Property(.serverReference, "other.example:1883")
        try $0.handshake(ConnAck(code: 0x9c, properties: Properties([other].compactMap { $0 })))
        try expectNothingSent($0)
      },
      StatusRow("PUBACK 0x87 (#126)", one, .v5, exits: 135, says: "ot authorized", "identifier") {
        try $0.handshake()
        let (_, id) = try receivePublish($0)
        $0.send(.acknowledgement(Acknowledgement(.pubAck, id, .notAuthorized)))
      },
      StatusRow("PUBREC 0x97 (#115 #126)", "pub -t a -m x -q 2", .v5, exits: 151, says: "uota") {
        try $0.handshake()
        let (_, id) = try receivePublish($0)
        $0.send(.acknowledgement(Acknowledgement(.pubRec, id, .quotaExceeded)))
        try expectNothingSent($0)
      },
      StatusRow("--eager and CONNACK 5 (#69)", one + " --eager", exits: 5, says: "refused") {
        try $0.handshake(ConnAck(code: 5))
      },
      StatusRow(
        "--eager at QoS 0 and CONNACK 4 (#69)", "pub -t a -m x --eager", exits: 4, says: "refused"
      ) { try $0.handshake(ConnAck(code: 4)) },
      StatusRow("--eager and CONNACK 0x8a", one + " --eager", .v5, exits: 138, says: "refused") {
        try $0.handshake(ConnAck(code: 0x8a))
      },
      StatusRow("DISCONNECT 0x8e (#97)", "sub -t a", .v5, exits: 142, says: "taken over", "142") {
        try $0.handshake()
        try $0.grant()
        $0.send(.disconnect(Disconnect(.sessionTakenOver)))
      },
    ]

  static let losses: [StatusRow] = [
    StatusRow("closed before CONNACK", "sub -t a", exits: 7, says: "CONNECT") {
      _ = try $0.receive()
      $0.close()
    },
    StatusRow("closed after CONNACK", one, exits: 7, says: "closed") {
      try $0.handshake()
      _ = try $0.receive()
      $0.close()
    },
    StatusRow("RST after SUBSCRIBE", "sub -t a --on-loss exit", exits: 7, says: "reset") {
      try $0.handshake()
      _ = try $0.receive()
      $0.reset()
    },
    StatusRow("RST before CONNACK", one, exits: 7, says: "reset") {
      _ = try $0.receive()
      $0.reset()
    },
    StatusRow(
      "no answer to CONNECT", "sub -t a --connect-timeout 1", exits: 27, says: "no answer",
      "CONNECT"
    ) { _ = try $0.receive() },
    StatusRow("-W without CONNACK", "sub -t a -W 1", exits: 27) { _ = try $0.receive() },
    StatusRow("-W while subscribed", "sub -t a -W 1", exits: 27, says: "timed out") {
      try $0.handshake()
      try $0.grant()
    },
    StatusRow("-W without PUBACK", one + " -W 1", exits: 27, says: "timed out") {
      try $0.handshake()
    },
    StatusRow("no PINGRESP (#136)", "sub -t a -k 1 --on-loss exit", exits: 19, says: "PINGREQ") {
      try $0.handshake()
      try $0.grant()
    },
    StatusRow("no PINGRESP while publishing (#136)", one + " -k 1", exits: 19, says: "PINGREQ") {
      try $0.handshake()
    },
  ]

  static let broken: [StatusRow] = [
    StatusRow("reserved bits in PUBACK (#56)", one, exits: 21, says: "reserved") {
      try $0.handshake()
      _ = try $0.receive()
      $0.send([0x41, 2, 0, 1])
    },
    StatusRow("PUBLISH with QoS 3 (#78)", "sub -t a", exits: 21) {
      try $0.handshake()
      $0.send([0x36, 5, 0, 1, 0x61, 0, 1])
    },
    StatusRow("CONNACK twice (#63)", "sub -t a", exits: 2, says: "CONNACK") {
      try $0.handshake()
      $0.send(.connAck(ConnAck()))
    },
    StatusRow("PUBLISH before CONNACK (#62)", "sub -t a", exits: 2, says: "PUBLISH") {
      _ = try $0.receive()
      $0.send(.publish(Publish(topic: "a")))
    },
    StatusRow("SUBACK for another identifier (#85)", "sub -t a", exits: 2, says: "SUBACK") {
      try $0.handshake()
      guard case .subscribe(let packet) = try $0.receive(),
        let other = PacketID(rawValue: packet.packetID.rawValue + 1)
      else { throw TestFailure("no SUBSCRIBE") }
      $0.send(.subscriptionAck(SubscriptionAck(.subAck, other, [.grantedQoS0])))
    },
    StatusRow("SUBACK with too many codes (#86)", "sub -t a", exits: 2, says: "SUBACK") {
      try $0.handshake()
      guard case .subscribe(let packet) = try $0.receive() else { throw TestFailure("SUBSCRIBE") }
      $0.send(.subscriptionAck(SubscriptionAck(.subAck, packet.packetID, [.success, .success])))
    },
    StatusRow("SUBACK with too few codes (#86)", "sub -t a -t b", exits: 2, says: "SUBACK") {
      try $0.handshake()
      guard case .subscribe(let packet) = try $0.receive() else { throw TestFailure("SUBSCRIBE") }
      $0.send(.subscriptionAck(SubscriptionAck(.subAck, packet.packetID, [.success])))
    },
    StatusRow("session present after a clean start (#65)", "sub -t a", exits: 2) {
      try $0.handshake(ConnAck(sessionPresent: true))
    },
    StatusRow("a server's SUBSCRIBE (#57)", "sub -t a", exits: 2) {
      try $0.handshake()
      try $0.grant()
      let filter = try TopicFilter("a")
      $0.send(.subscribe(Subscribe(packetID, [Subscription(filter, qos: .atMostOnce)])))
    },
    StatusRow(
      "a challenge that nobody can answer",
      "sub -t a -D connect authentication-method m", .v5, exits: 2, says: "AUTH"
    ) {
      _ = try $0.receive()
      let method = Property(.authenticationMethod, "m")
      $0.send(
        .auth(Auth(.continueAuthentication, Properties([method].compactMap { $0 }))))
    },
    StatusRow("no assigned identifier (#70)", "sub -t a", .v5, exits: 2, says: "identifier") {
      _ = try $0.receive()
      $0.send(.connAck(ConnAck()))
    },
  ]

  static let limits: [StatusRow] = [
    StatusRow(
      "Maximum Packet Size (#26)", "pub -t a -q 1 -i c -m " + String(repeating: "x", count: 100),
      .v5, exits: 25, says: "20", "10"
    ) {
      try $0.handshake(granting(Property(.maximumPacketSize, 20)))
      try expectNothingSent($0)
    },
    StatusRow("Maximum QoS 0 (#24)", one + " -i c", .v5, exits: 24, says: "QoS 1", "maximum of 0") {
      try $0.handshake(granting(Property(.maximumQoS, 0)))
      try expectNothingSent($0)
    },
    StatusRow("no retained messages (#25)", "pub -t a -m x -r", .v5, exits: 24, says: "retained") {
      try $0.handshake(granting(Property(.retainAvailable, 0)))
      try expectNothingSent($0)
    },
    StatusRow("no wildcards (#29)", "sub -t a/#", .v5, exits: 24, says: "'a/#'", "wildcard") {
      try $0.handshake(granting(Property(.wildcardSubscriptionAvailable, 0)))
      try expectNothingSent($0)
    },
    StatusRow("no sharing (#29)", "sub -t $share/g/a", .v5, exits: 24, says: "$share/g/a") {
      try $0.handshake(granting(Property(.sharedSubscriptionAvailable, 0)))
      try expectNothingSent($0)
    },
    StatusRow(
      "no subscription identifiers (#29)", "sub -t a -D subscribe subscription-identifier 1", .v5,
      exits: 24, says: "identifiers"
    ) {
      try $0.handshake(granting(Property(.subscriptionIdentifierAvailable, 0)))
      try expectNothingSent($0)
    },
  ]

  @Test(arguments: refusals) func refusal(_ row: StatusRow) throws { try row.check() }
  @Test(arguments: losses) func loss(_ row: StatusRow) throws { try row.check() }
  @Test(arguments: broken) func brokenProtocol(_ row: StatusRow) throws { try row.check() }
  @Test(arguments: limits) func limit(_ row: StatusRow) throws { try row.check() }

  @Test("connection refused") func closedPort() throws {
    let (socket, port) = try listeningSocket()
    close(socket)
    let result = try Program.run(["pub", "-t", "a", "-m", "x", "-h", "127.0.0.1", "-p", "\(port)"])
    #expect(result.ending == .exited(1))
    expectOneLine(result.errors, from: "pub")
    #expect(result.errors.contains("127.0.0.1:\(port)"))
  }

  @Test("SUBACK that refuses (#87)", arguments: [(ProtocolVersion.v311, 0x80), (.v5, 0x87)])
  func refusedSubscription(_ version: ProtocolVersion, _ code: Int) throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(version)
      try connection.handshake()
      guard case .subscribe(let packet) = try connection.receive() else {
        throw TestFailure("no SUBSCRIBE")
      }
      let code = ReasonCode(rawValue: UInt8(code))
      connection.send(.subscriptionAck(SubscriptionAck(.subAck, packet.packetID, [code])))
      guard case .disconnect = try connection.receive() else { throw TestFailure("no DISCONNECT") }
    }
    let result = try Program.run(
      ["sub", "-t", "a"] + broker.address + (version == .v5 ? ["-V", "5"] : []))
    #expect(result.ending == .exited(Int32(code)))
    #expect(result.errors.contains("subscription to 'a' refused"))
    try broker.finish()
  }

  @Test("--eager at QoS 0 says everything at once") func eager() throws {
    let (socket, port) = try listeningSocket()
    defer { close(socket) }
    let program = try RunningProgram([
      Program.apus, "pub", "-t", "a", "-m", "x", "--eager", "-h", "127.0.0.1", "-p", "\(port)",
    ])
    #expect(isReadable(socket, within: 5))
    let connection = accepted(from: socket)
    defer { close(connection) }
    #expect(isReadable(connection, within: 5))
    var block = [UInt8](repeating: 0, count: 1024)
    let count = recv(connection, &block, block.count, 0)
    #expect(Array(block[..<max(count, 0)].suffix(8)) == [0x30, 4, 0, 1, 0x61, 0x78, 0xe0, 0])
    #expect(block[0] == 0x10)
    let connAck: [UInt8] = [0x20, 2, 0, 0]
    _ = send(connection, connAck, connAck.count, CInt(MSG_NOSIGNAL))
    shutdown(connection, CInt(SHUT_WR))
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
  }

  @Test("an alias that the server does not take is left out (#22 #23)") func alias() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake()
      guard case .publish(let message) = try connection.receive() else {
        throw TestFailure("no PUBLISH")
      }
      if message.properties.contains(.topicAlias) || message.topic.bytes != [0x61] {
        throw TestFailure("\(message)")
      }
    }
    let words = ["pub", "-t", "a", "-m", "x", "-D", "publish", "topic-alias", "5"]
    _ = try Program.run(words + broker.address)
    try broker.finish()
  }
}
