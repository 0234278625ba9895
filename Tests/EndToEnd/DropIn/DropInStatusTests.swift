import Foundation
import MQTTProtocol
import Synchronization
import TestSupport
import Testing

/// What the broker answers, and how the tool ends.
struct DropInStatusRow: Sendable, CustomTestStringConvertible {
  let line: ToolLine
  let answers: [PacketType: String]
  let status: Int32
  let errors: String

  init(
    _ line: ToolLine, _ answers: [PacketType: String], exits status: Int32, says errors: String
  ) {
    self.line = line
    self.answers = answers
    self.status = status
    self.errors = errors
  }

  var testDescription: String { "\(line.text) \(answers)" }
}

@Suite("Drop-in: exit status") struct DropInStatusTests {
  static let reasons3: [(Int32, String)] = [
    (1, "unacceptable protocol version"), (2, "identifier rejected"), (3, "broker unavailable"),
    (4, "bad user name or password"), (5, "not authorised"),
  ]

  static let refused3: [DropInStatusRow] = reasons3.flatMap { code, text -> [DropInStatusRow] in
    let why = "Connection error: Connection Refused: \(text).\n"
    let answer: [PacketType: String] = [.connect: "2002000\(code)"]
    return [
      DropInStatusRow(
        "pub -t a -m b", answer, exits: code, says: why + "Error: The connection was refused.\n"),
      DropInStatusRow("sub -t a", answer, exits: code, says: why),
    ]
  }

  static let broken =
    "Error: A network protocol error occurred when communicating with the broker.\n"

  static let reasons5: [(Int32, String)] = [
    (0x80, "Unspecified error"), (0x81, "Malformed Packet"), (0x82, "Protocol Error"),
    (0x83, "Implementation specific error"), (0x85, "Client Identifier not valid"),
    (0x86, "Bad User Name or Password"), (0x87, "Not authorized"), (0x88, "Server unavailable"),
    (0x89, "Server busy"), (0x8a, "Banned"), (0x8c, "Bad authentication method"),
    (0x90, "Topic Name invalid"), (0x95, "Packet too large"), (0x97, "Quota exceeded"),
    (0x99, "Payload format invalid"), (0x9a, "Retain not supported"), (0x9b, "QoS not supported"),
    (0x9c, "Use another server"), (0x9d, "Server moved"), (0x9f, "Connection rate exceeded"),
    (
      0x84,
      "Unsupported Protocol Version. Try connecting to an MQTT v5 broker, or use MQTT v3.x mode."
    ),
  ]

  static let refused5: [DropInStatusRow] = reasons5.flatMap { code, text -> [DropInStatusRow] in
    let answer: [PacketType: String] = [.connect: "20 03 00 \(String(code, radix: 16)) 00"]
    let why = "Connection error: \(text)\n"
    return [
      DropInStatusRow("pub -V 5 -t a -m b", answer, exits: code, says: why + broken),
      DropInStatusRow("sub -V 5 -t a", answer, exits: code, says: why),
    ]
  }

  @Test("CONNACK refuses", arguments: refused3 + refused5)
  func refused(_ row: DropInStatusRow) throws { try check(row) }

  static let lost = "Error: The connection was lost.\n"
  static let denied = "All subscription requests were denied.\n"

  static let others: [DropInStatusRow] = [
    .init("pub -q 1 -t a -m b", [.publish: "close"], exits: 7, says: lost),
    .init("pub -q 2 -t a -m b", [.pubRel: "close"], exits: 7, says: lost),
    .init(
      "pub -V 5 -q 1 -t a -m b", [.publish: "40 04 0001 87 00"], exits: 0,
      says: "Warning: Publish 1 failed: Not authorized.\n"),
    .init(
      "pub -V 5 -q 1 -t a -m b", [.publish: "40 0b 0001 87 07 1f 0004 6f6f7073"], exits: 0,
      says: "Warning: Publish 1 failed: Not authorized.\noops\n"),
    .init(
      "pub -V 5 -q 2 -t a -m b", [.publish: "50 04 0001 97 00"], exits: 0,
      says: "Warning: Publish 1 failed: Quota exceeded.\n"),
    .init("pub -V 5 -q 1 -t a -m b", [.publish: "40 03 0001 10"], exits: 0, says: ""),
    // In no table of MQTT 5 §3.4.2.1: mosquitto's own, for a message above its limit.
    .init(
      "pub -V 5 -q 1 -t a -m b", [.publish: "40 03 0001 95"], exits: 0,
      says: "Warning: Publish 1 failed: Packet too large.\n"),
    .init(
      "pub -V 5 -q 2 -t a -m b", [.publish: "50 03 0001 95"], exits: 0,
      says: "Warning: Publish 1 failed: Packet too large.\n"),
    .init(
      "pub -V 5 -q 1 -t a -m b", [.publish: "e0 02 87 00"], exits: 4,
      says: "Error: The client is not currently connected.\n"),
    .init(
      "pub -V 5 -q 2 -t a -m b", [.connect: "20 05 00 00 02 24 00"], exits: 0,
      says: "Error: Message QoS not supported on broker, try a lower QoS.\n"),
    .init("pub -q 1 -t a -m b", [.connect: "20 02 00 00 00 00"], exits: 2, says: broken),
    .init("sub -t a -t b", [.subscribe: "90 04 0001 80 80"], exits: 0, says: denied),
    .init("sub -V 5 -t a", [.subscribe: "90 04 0001 00 87"], exits: 0, says: denied),
    .init("sub -q 2 -t a -E", [.subscribe: "90 03 0001 00"], exits: 0, says: ""),
    .init("sub -t a -W 1", [:], exits: 27, says: "Timed out\n"),
    .init(
      "sub -V 5 -t a -t b -W 1", [.subscribe: "90 05 0001 00 87 01"], exits: 27, says: "Timed out\n"
    ),
    // Before CONNACK the alarm itself ends a subscriber.
    .init("sub -t a -W 1", [.connect: ""], exits: 255, says: ""),
  ]

  @Test("what happens later", arguments: others)
  func later(_ row: DropInStatusRow) throws { try check(row) }

  private func check(_ row: DropInStatusRow) throws {
    let result = try Conversation(row.line, answers: row.answers).result
    #expect(result.ending == .exited(row.status))
    #expect(result.errors == row.errors)
    #expect(result.output.isEmpty)
  }

  @Test("a line above the broker's limit stops no other", arguments: ["1", "2"])
  func tooLarge(_ qos: String) throws {
    let broker = try Mosquitto(["allow_anonymous true", "message_size_limit 100"])
    let subscriber = try RunningProgram(
      ["mosquitto_sub", "-t", "a", "-C", "2"] + broker.address)
    try broker.waitForLog(" 0 a")
    let large = String(repeating: "x", count: 300)
    let result = try ToolLine("pub -V 5 -t a -q \(qos) -l").run(
      port: broker.port, input: .bytes(Array("one\n\(large)\nthree\n".utf8)))
    #expect(result.ending == .exited(0))
    #expect(result.errors == "Warning: Publish 2 failed: Packet too large.\n")
    #expect(try subscriber.wait() == .exited(0))
    #expect(subscriber.outputText == "one\nthree\n")
  }

  @Test("a reader that has seen enough is no failure") func reader() throws {
    let broker = try Mosquitto()
    let ends = try RunningProgram.makePipe()
    let program = try RunningProgram(
      ["\(Links.path)/mosquitto_sub", "-t", "a"] + broker.address, output: ends.write)
    close(ends.write)
    try broker.waitForLog(" 0 a")
    close(ends.read)
    #expect(try ToolLine("pub -t a -m x").run(port: broker.port).ending == .exited(0))
    #expect(try program.wait() == .exited(0))
    #expect(program.errorText.isEmpty)
  }

  @Test("lines at a QoS that the server has not") func qosOfLines() throws {
    let result = try Conversation(
      "pub -V 5 -q 2 -t a -l", answers: [.connect: "20 05 00 00 02 24 00"],
      input: .bytes(Array("x\n".utf8))
    ).result
    #expect(result.ending == .exited(24))
    #expect(result.errors == "Error: Requested QoS not supported on server.\n")
  }

  @Test("-W in MQTT 5: DISCONNECT with will") func timeOut() throws {
    let conversation = try Conversation("sub -V 5 -t a -W 1")
    #expect(conversation.packets.last == "e00104")
    #expect(try Conversation("sub -t a -W 1").packets.last == "e000")
  }

  @Test("a subscriber stops for a signal with status 0", arguments: [SIGINT, SIGTERM])
  func signal(_ number: Int32) throws {
    let broker = try Shared.broker.get()
    let start = broker.log.utf8.count
    let id = Shared.name("d")
    let program = try ToolLine("sub -i \(id) -t \(Shared.name("t/"))").start(port: broker.port)
    try broker.waitForLog("Sending SUBACK to \(id)\n", after: start)
    program.send(number)
    #expect(try program.wait() == .exited(0))
    #expect(program.errorText.isEmpty)
    try broker.waitForLog("Received DISCONNECT from \(id)\n", after: start)
  }

  @Test("a signal before CONNACK: 255", arguments: [SIGINT, SIGTERM])
  func earlySignal(_ number: Int32) throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      _ = try connection.receive()
      connection.discard()
    }
    let program = try ToolLine("sub -t a").start(port: broker.port)
    try eventually("the handler") { program.catches(number) }
    program.send(number)
    #expect(try program.wait() == .exited(255))
  }

  @Test("the other tools have no handlers: the signal kills", arguments: [SIGINT, SIGTERM])
  func killed(_ number: Int32) throws {
    let broker = try Shared.broker.get()
    let start = broker.log.utf8.count
    let id = Shared.name("d")
    let program = try ToolLine("pub -l -i \(id) -t a").start(port: broker.port, input: .open)
    try broker.waitForLog("Sending CONNACK to \(id) ", after: start)
    program.send(number)
    #expect(try program.wait() == .signaled(number))
    #expect(program.errorText.isEmpty)
  }

  @Test(
    "a signal has the will published",
    arguments: [
      ("sub -V 5 -t b", "e00104"), ("pub -V 5 -l -t a", nil), ("pub -l -t a", nil),
      ("rr -V 5 -t a -e b -m c", nil),
    ])
  func will(_ line: String, _ last: String?) throws {
    let parting = Mutex<[UInt8]?>(nil)
    let isThere = Mutex(false)
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      while let frame = try connection.nextFrame(within: 15) {
        switch frame.packet {
        case .connect(let connect):
          connection.version = connect.version
          connection.send(.connAck(ConnAck()))
          if line.hasPrefix("pub") { isThere.withLock { $0 = true } }
        case .subscribe(let packet):
          connection.send(.subscriptionAck(SubscriptionAck(.subAck, packet.packetID, [.success])))
          if line.hasPrefix("sub") { isThere.withLock { $0 = true } }
        case .publish: isThere.withLock { $0 = true }
        default: parting.withLock { $0 = frame.bytes }
        }
      }
    }
    let program = try ToolLine("\(line) --will-topic w").start(port: broker.port, input: .open)
    try eventually("the tool to stand") { isThere.withLock { $0 } && program.isWaiting }
    program.send(SIGTERM)
    _ = try program.wait()
    try broker.finish()
    let heard = parting.withLock { $0 }.map {
      $0.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    }
    #expect(heard?.joined() == last)
  }

  @Test("a refusal after a loss is the end", arguments: [("sub -t a", ""), ("pub -l -t a", "x\n")])
  func refusedLater(_ line: String, _ input: String) throws {
    let broker = try ScriptedBroker { broker in
      let first = try broker.accept()
      _ = try first.nextFrame(within: 15)
      first.close()
      let second = try broker.accept()
      _ = try second.nextFrame(within: 15)
      second.send([0x20, 2, 0, 3])
      second.close()
    }
    let result = try ToolLine(line).run(port: broker.port, input: .bytes(Array(input.utf8)))
    #expect(result.ending == .exited(3))
    #expect(
      result.errors.hasPrefix("Connection error: Connection Refused: broker unavailable.\n"))
    try broker.finish()
  }

  @Test(
    "a server that hangs up before CONNACK is tried again",
    arguments: ["sub -t a -C 1", "pub -l -t a"])
  func hangUp(_ line: String) throws {
    let broker = try ScriptedBroker { broker in
      let first = try broker.accept()
      _ = try first.nextFrame(within: 15)
      first.close()
      let connection = try broker.accept()
      while let frame = try connection.nextFrame(within: 15) {
        switch frame.packet {
        case .connect: connection.send(.connAck(ConnAck()))
        case .subscribe(let packet):
          connection.send(.subscriptionAck(SubscriptionAck(.subAck, packet.packetID, [.success])))
          connection.send([0x30, 0x04, 0, 1, 0x61, 0x78])
        default: break
        }
      }
    }
    let result = try ToolLine(line).run(port: broker.port, input: .bytes(Array("x\n".utf8)))
    #expect(result.ending == .exited(0))
    #expect(result.errors.isEmpty)
    try broker.finish()
  }
}
