import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// No status 0 where something was lost, and nothing lost that had arrived.
@Suite("Loss") struct LossTests {
  /// A broker that runs `script` on the first connection and then listens until the client closes.
  private func broker(
    _ version: ProtocolVersion = .v311,
    _ script: @escaping @Sendable (ScriptedConnection) throws -> Void
  ) throws -> ScriptedBroker {
    try ScriptedBroker { broker in
      let connection = try broker.accept(version)
      try script(connection)
      while (try? connection.next(within: 3)) ?? nil != nil {}
    }
  }

  @Test(
    "messages in front of DISCONNECT or garbage are shown", arguments: [[0xe0, 1, 0x8b], [0, 0]])
  func lastWords(_ end: [UInt8]) throws {
    let broker = try broker(.v5) { connection in
      try connection.handshake()
      guard case .subscribe(let packet) = try connection.receive() else {
        throw TestFailure("no SUBSCRIBE")
      }
      let answer = SubscriptionAck(.subAck, packet.packetID, [.grantedQoS0])
      let messages = (1...3).map { Packet.publish(Publish(topic: "a", payload: [0x30 + $0])) }
      connection.send(
        ([.subscriptionAck(answer)] + messages).flatMap { $0.encoded(.v5) } + end)
    }
    let result = try Program.run(
      ["sub", "--on-loss", "exit", "-V", "5", "-t", "a"] + broker.address)
    #expect(result.output == Array("1\n2\n3\n".utf8))
    #expect(result.ending == .exited(end[0] == 0 ? 21 : 139), "\(result.errors)")
    try broker.finish()
  }

  @Test("the message that ends --retained-only stays on the server (#112)", arguments: [1, 2])
  func unwanted(_ qos: UInt8) throws {
    let broker = try broker { connection in
      try connection.handshake()
      try connection.grant()
      let level = QoS(rawValue: qos) ?? .atLeastOnce
      let other = PacketID(rawValue: 6) ?? .first
      let kept = Publish(topic: "a", payload: [0x6b], qos: level, retain: true, packetID: .first)
      let live = Publish(topic: "a", payload: [0x6c], qos: level, packetID: other)
      connection.send(Packet.publish(kept).encoded(.v311) + Packet.publish(live).encoded(.v311))
      while let packet = try connection.next() {
        switch packet {
        case .acknowledgement(let answer) where answer.packetID == .first:
          if answer.type == .pubRec {
            connection.send(.acknowledgement(Acknowledgement(.pubRel, .first)))
          }
        case .disconnect: return
        default: throw TestFailure("\(packet)")
        }
      }
    }
    let words = ["sub", "-t", "a", "-q", String(qos), "--retained-only"]
    let result = try Program.run(words + broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.output == Array("k\n".utf8))
    try broker.finish()
  }

  @Test("QoS 0 to a server that has closed") func closed() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      connection.close()
    }
    let result = try Program.run(["pub", "-t", "a", "-m", "x"] + broker.address)
    #expect(result.ending == .exited(7), "\(result.errors)")
    expectOneLine(result.errors, from: "pub")
    try broker.finish()
  }

  struct Early: Sendable, CustomTestStringConvertible {
    let words: [String]
    let limit: Property?
    let status: Int32
    var testDescription: String { words.joined(separator: " ") }

    static let all = [
      Early(
        words: ["-m", String(repeating: "x", count: 100)], limit: Property(.maximumPacketSize, 20),
        status: 25),
      Early(words: ["-m", "x", "-r"], limit: Property(.retainAvailable, 0), status: 24),
      Early(words: ["-m", "x", "-q", "1"], limit: Property(.maximumQoS, 0), status: 24),
    ]
  }

  @Test("--eager is held against the limits that come later", arguments: Early.all)
  func eager(_ early: Early) throws {
    let broker = try broker(.v5) { try $0.handshake(granting(early.limit)) }
    let common = ["pub", "-V", "5", "-t", "a", "--eager"]
    let result = try Program.run(common + early.words + broker.address)
    #expect(result.ending == .exited(early.status), "\(result.errors)")
    expectOneLine(result.errors, from: "pub")
    try broker.finish()
  }

  @Test("the server's reason counts more than the write that it made fail") func reason() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake()
      _ = try connection.receive()
      connection.send(.disconnect(Disconnect(.quotaExceeded)))
      connection.close()
    }
    let directory = TemporaryDirectory()
    let path = try directory.write(numberedLines(400_000), to: "lines")
    let program = try RunningProgram(
      [Program.apus, "pub", "--on-loss", "exit", "-V", "5", "-t", "a", "-l"] + broker.address,
      input: .file(path))
    #expect(try program.wait() == .exited(151), "\(program.errorText)")
    try broker.finish()
  }

  @Test("a local failure leaves no will (#49)") func will() throws {
    let broker = try broker(.v5) { connection in
      try connection.handshake(granting(Property(.maximumPacketSize, 20)))
      guard case .disconnect = try connection.receive() else { throw TestFailure("no DISCONNECT") }
    }
    let words = ["pub", "-V", "5", "-t", "a", "-m", String(repeating: "x", count: 100)]
    let result = try Program.run(words + ["--will-topic", "w"] + broker.address)
    #expect(result.ending == .exited(25), "\(result.errors)")
    try broker.finish()
  }

  @Test(
    "what comes behind the last message wanted is nobody's fault",
    arguments: [[0, 0], [0xe0, 1, 0x8b]])
  func behind(_ rest: [UInt8]) throws {
    let broker = try broker(.v5) { connection in
      try connection.handshake()
      try connection.grant()
      let messages = (1...3).map { Packet.publish(Publish(topic: "a", payload: [0x30 + $0])) }
      connection.send(messages.flatMap { $0.encoded(.v5) } + rest)
    }
    let result = try Program.run(["sub", "-V", "5", "-t", "a", "-C", "3"] + broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.output == Array("1\n2\n3\n".utf8))
    try broker.finish()
  }

  @Test("a server that breaks the protocol in CONNACK is told so (#65)", arguments: ["pub", "sub"])
  func told(_ command: String) throws {
    let broker = try broker(.v5) { connection in
      try connection.handshake(ConnAck(sessionPresent: true))
      guard case .disconnect(let packet) = try connection.receive(), packet.reason == .protocolError
      else { throw TestFailure("no DISCONNECT with 0x82") }
    }
    let words = [command, "-V", "5", "-t", "a"] + (command == "pub" ? ["-n"] : [])
    let result = try Program.run(words + broker.address)
    #expect(result.ending == .exited(2), "\(result.errors)")
    try broker.finish()
  }

  // MARK: QoS 2 below MQTT 5

  struct Narrow: CustomTestStringConvertible {
    let configuration: [String]
    var login: [String] = []
    var testDescription: String { "\(configuration)" }

    static let all = [
      Narrow(configuration: ["max_inflight_messages 5"]),
      Narrow(configuration: ["max_inflight_messages 1", "max_queued_messages 0"]),
      Narrow(configuration: ["sys_interval 0"]),
      Narrow(configuration: ["acl_file DIR/acl"]),
      Narrow(
        configuration: ["password_file DIR/passwords", "max_inflight_messages 5"],
        login: ["-u", "user", "-P", "secret"]),
    ]
  }

  @Test("the question for the window spares a session that is kept") func keptSession() throws {
    let folder = TemporaryDirectory()
    try Mosquitto.passwords(["bob": "pw"], in: folder.file("passwords"))
    let broker = try Mosquitto(
      [
        "allow_anonymous false", "password_file DIR/passwords", "use_username_as_clientid true",
      ],
      named: [
        "passwords": try String(contentsOfFile: folder.file("passwords"), encoding: .utf8)
      ])
    let bob = ["-u", "bob", "-P", "pw", "-c", "-i", "any"]
    let subscribed = try Program.run(["sub", "-t", "q/#", "-q", "1", "-E"] + bob + broker.address)
    #expect(subscribed.ending == .exited(0), "\(subscribed.errors)")
    try broker.publish(.apus, bob + ["-t", "q/a", "-q", "1", "-m", "kept"])
    try broker.publish(
      .apus, bob + ["-t", "other", "-q", "2", "-l"], input: .bytes(numberedLines(50)))
    let result = try Program.run(["sub", "-t", "q/#", "-q", "1", "-C", "1"] + bob + broker.address)
    #expect(result.output == Array("kept\n".utf8))
  }

  @Test(
    "QoS 2 never exceeds mosquitto's window, whatever it is", arguments: Narrow.all, ["31", "311"])
  func narrow(_ narrow: Narrow, _ version: String) throws {
    let passwords = TemporaryDirectory()
    try Mosquitto.passwords(["user": "secret"], in: passwords.file("passwords"))
    let broker = try Mosquitto(
      ["allow_anonymous \(narrow.login.isEmpty)"] + narrow.configuration,
      named: [
        "acl": "topic readwrite t/#\n",
        "passwords": try String(contentsOfFile: passwords.file("passwords"), encoding: .utf8),
      ])
    let common = narrow.login + ["-t", "t/x"]
    let subscriber = try broker.subscriber(.apus, common + ["-C", "1000"])
    let lines = numberedLines(1000)
    try broker.publish(
      .apus, common + ["-V", version, "-q", "2", "-l"], input: .bytes(lines))
    #expect(same(try subscriber.output(), lines))
  }
}
