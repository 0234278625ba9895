import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// `sub --json` and `pub --json-lines`: a stream is copied exactly.
@Suite("JSON lines") struct JSONLinesTests {
  let broker: Mosquitto
  let topic = Shared.name("json/")

  init() throws { broker = try Shared.broker.get() }

  private static let count = 500

  private static func messages(under topic: String) -> [Publish] {
    var random = Generator(seed: 9)
    return (0..<count).map { number in
      var properties = Properties()
      if number % 2 == 0 {
        properties.set(Property(.correlationData, random.bytes(number % 9)))
        properties.set(Property(.contentType, "text/\u{1f99f}\"\\"))
        properties.set(Property(.responseTopic, "a/b"))
        for name: UTF8String in ["k", "a", "k"] {
          properties.set(Property(user: name, (try? UTF8String("\(number)\u{7f}")) ?? ""))
        }
      }
      if number % 3 == 0 { properties.set(Property(.messageExpiryInterval, 4_000_000_000)) }
      if number % 5 == 0 { properties.set(Property(.payloadFormatIndicator, 0)) }
      return Publish(
        topic: (try? UTF8String("\(topic)/é \u{1}\(number % 7)")) ?? "",
        payload: number % 4 == 0 ? Array("{\"n\":\(number)}".utf8) : random.bytes(number % 50),
        qos: QoS(rawValue: UInt8(number % 3)) ?? .atMostOnce, retain: number % 2 == 1,
        properties: properties)
    }
  }

  /// What a scripted broker gets to see when it is sent on.
  @Test func `every message comes out as it went in`() throws {
    let sent = Self.messages(under: topic)
    let source = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake()
      try connection.grant()
      for (number, message) in sent.enumerated() {
        var message = message
        if message.qos != .atMostOnce {
          message.packetID = PacketID(rawValue: UInt16(number + 1))
        }
        message.properties.set(Property(.subscriptionIdentifier, 3))
        connection.send(.publish(message))
      }
      connection.discard()
    }
    let json = try Program.run(
      [
        "sub", "-V", "5", "-t", "#", "-q", "2", "--json", "-C", String(Self.count), "-D",
        "subscribe", "subscription-identifier", "3",
      ] + source.address)
    #expect(json.ending == .exited(0), "\(json.errors)")
    let target = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake()
      for expected in sent {
        var message = try connection.receivePublish()
        if let id = message.packetID {
          let isOnce = message.qos == .exactlyOnce
          connection.send(.acknowledgement(Acknowledgement(isOnce ? .pubRec : .pubAck, id)))
          if isOnce { connection.send(.acknowledgement(Acknowledgement(.pubComp, id))) }
        }
        message.packetID = nil
        if message != expected { throw TestFailure("\(message) instead of \(expected)") }
      }
      connection.discard()
    }
    let copy = try Program.run(
      ["pub", "-V", "5", "--json-lines", "--allow-control-characters", "-M", "1000"]
        + target.address, input: .bytes(json.output))
    #expect(copy.ending == .exited(0), "\(copy.errors)")
    try target.finish()
    try source.finish()
  }

  @Test("from broker to broker", arguments: ["311", "5"]) func pipe(_ version: String) throws {
    let copy = Shared.name("copy/")
    let collector = try broker.subscriber(
      .apus, ["-V", version, "-t", "\(topic)/#", "-q", "2", "-C", "100", "--json"])
    try broker.publish(
      .mosquitto, ["-V", version, "-t", "\(topic)/x", "-q", "2", "-l"],
      input: .bytes(numberedLines(100)))
    let lines = try collector.text().replacing("\"\(topic)/x\"", with: "\"\(copy)\"")
    let reader = try broker.subscriber(.mosquitto, ["-t", copy, "-q", "2", "-C", "100"])
    try broker.publish(.apus, ["-V", version, "--json-lines"], input: .bytes(Array(lines.utf8)))
    #expect(try reader.output() == numberedLines(100))
  }

  @Test func `the command's options stand in for what is missing`() throws {
    let subscriber = try broker.subscriber(
      .apus, ["-V", "5", "-q", "2", "-t", topic, "-C", "3", "-F", "%q|%C|%P|%p"])
    let lines = """
      {"payload":"a"}

      {"payload":{"b":1.0},"qos":0,"properties":{"content-type":"own","user-properties":[{"k":"w"}]}}
      {"retain":false,"payload":12}
      """
    try broker.publish(
      .apus,
      [
        "-V", "5", "--json-lines", "-t", topic, "-q", "1", "-D", "publish", "content-type", "t",
        "-D", "publish", "user-property", "k", "v",
      ], input: .bytes(Array(lines.utf8)))
    #expect(try subscriber.text() == "1|t|k:v|a\n0|own|k:v k:w|{\"b\":1.0}\n1|t|k:v|12\n")
  }

  @Test func `a broken line is reported and the others are sent`() throws {
    let subscriber = try broker.subscriber(.apus, ["-t", topic, "-C", "2"])
    let good = "{\"topic\":\"\(topic)\",\"payload\":\"x\"}\n"
    let bad = [
      "{\"topic\"", "{\"payload\":\"x\"}", "{\"topic\":\"a/#\"}", "{\"topic\":\"a\",\"qos\":3}",
      "{\"topic\":\"a\",\"properties\":{\"content-type\":\"t\"}}", "\u{1b}[2J",
    ]
    let program = try RunningProgram(
      [Program.apus, "pub", "--json-lines"] + broker.address,
      input: .bytes(Array((good + bad.map { $0 + "\n" }.joined() + good).utf8)))
    #expect(try program.wait() == .exited(1))
    let told = program.errorText.split(separator: "\n")
    #expect(told.count == bad.count)
    for (number, line) in told.enumerated() {
      #expect(line.hasPrefix("apus pub: line \(number + 2): "))
    }
    #expect(program.errorText.contains("-V 5"))
    #expect(try subscriber.text() == "x\nx\n")
  }

  @Test func `a payload that cannot be text is not promised to be`() throws {
    let result = try Program.run(
      ["pub", "-V", "5", "--json-lines"] + broker.address,
      input: .bytes(
        Array(
          (#"{"topic":"a","payload_base64":"/w==","properties":{"payload-format-indicator":1}}"#
            + "\n").utf8)))
    #expect(result.ending == .exited(1))
    #expect(result.errors.contains("line 1 is not UTF-8"))
  }

  @Test func `lines of megabytes`() throws {
    let payload = String(repeating: "é\u{0}\\\"", count: 1_000_000)
    let subscriber = try broker.subscriber(.apus, ["-t", topic, "-C", "1", "--json"])
    try broker.publish(.apus, ["-t", topic, "-s"], input: .bytes(Array(payload.utf8)))
    let line = try subscriber.output()
    let reader = try broker.subscriber(.apus, ["-t", topic, "-C", "1", "-N"])
    try broker.publish(.apus, ["--json-lines"], input: .bytes(line))
    #expect(same(try reader.output(), Array(payload.utf8)))
  }

  static let wrong = [
    WrongLine("--json-lines with -m", "pub -t a --json-lines -m x", says: "--json-lines"),
    WrongLine("--repeat", "pub --json-lines --repeat 2", says: "--repeat", "--json-lines"),
    WrongLine("in sub", "sub -t a --json-lines", says: "--json-lines", "apus pub"),
  ]

  @Test(arguments: wrong) func refused(_ row: WrongLine) throws { try row.check() }
}

extension ScriptedConnection {
  /// The next PUBLISH; what comes before it is passed over.
  fileprivate func receivePublish() throws -> Publish {
    while true { if case .publish(let message) = try receive() { return message } }
  }
}
