import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// `apus rr`: what goes over the wire, and which answers are taken.
@Suite("Requests") struct RequestResponseTests {
  private static let subscribe: [UInt8] = Array("apus/rr/".utf8)

  @Test("subscribes to a topic of its own, and asks once that is granted") func wire() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      let connect = try connection.handshake()
      guard connect.properties.number(.requestResponseInformation) == 1,
        connect.properties.number(.receiveMaximum) == 1
      else { throw TestFailure("\(connect.properties)") }
      guard case .subscribe(let subscribe) = try connection.receive() else {
        throw TestFailure("no SUBSCRIBE")
      }
      // Nothing is asked before the server says that answers will arrive.
      if let early = try? connection.receive(within: 0.2) { throw TestFailure("\(early)") }
      connection.send(
        .subscriptionAck(SubscriptionAck(.subAck, subscribe.packetID, [.grantedQoS0])))
      let request = try connection.receiveRequest()
      guard let topic = request.properties.string(.responseTopic),
        topic == subscribe.subscriptions[0].filter.string, topic.bytes.starts(with: Self.subscribe),
        topic.bytes.count == Self.subscribe.count + 20,
        request.properties.binary(.correlationData)?.count == 32, request.topic == "q",
        request.payload == Array("hello".utf8)
      else { throw TestFailure("\(request)") }
      try connection.answer(request, "world")
      try connection.receiveDisconnect()
    }
    let result = try Program.run(["rr", "-t", "q", "-m", "hello"] + broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.output == Array("world\n".utf8))
    try broker.finish()
  }

  @Test("a topic begins with what the server offers for it", arguments: ["base", "base/", "a/#"])
  func information(_ base: String) throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake(granting(Property(.responseInformation, try UTF8String(base))))
      let filter = try connection.grant().subscriptions[0].filter
      let expected = base.contains("#") ? "apus/rr/" : "base/"
      guard filter.description.hasPrefix(expected), !filter.description.contains("//") else {
        throw TestFailure("\(filter)")
      }
      try connection.answer(try connection.receiveRequest(), "x")
      try connection.receiveDisconnect()
    }
    let result = try Program.run(["rr", "-t", "q", "-n"] + broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    try broker.finish()
  }

  @Test("only the answer with the request's correlation data is taken") func correlation() throws {
    let broker = try subscribedBroker { connection in
      let request = try connection.receiveRequest()
      var other = request.properties.binary(.correlationData) ?? []
      other[0] ^= 1
      try connection.answer(request, "wrong", correlation: other)
      try connection.answer(request, "none", correlation: .some(nil))
      try connection.answer(request, "short", correlation: Array(other.dropLast()))
      try connection.answer(request, "right")
      try connection.answer(request, "twice")
      try connection.receiveDisconnect()
    }
    let result = try Program.run(["rr", "-t", "q", "-e", "r", "-n", "-v"] + broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.output == Array("r right\n".utf8))
    try broker.finish()
  }

  @Test("--any takes the first message, but not a retained one") func any() throws {
    let broker = try subscribedBroker { connection in
      let request = try connection.receiveRequest()
      guard !request.properties.contains(.correlationData) else {
        throw TestFailure("correlation data that nobody compares")
      }
      connection.send(.publish(Publish(topic: "r", payload: [0x6f], retain: true)))
      try connection.answer(request, "first")
      try connection.answer(request, "second")
      try connection.receiveDisconnect()
    }
    let result = try Program.run(["rr", "-t", "q", "-e", "r", "-n", "--any"] + broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.output == Array("first\n".utf8))
    try broker.finish()
  }

  @Test("correlation data of one's own is sent and compared") func own() throws {
    let broker = try subscribedBroker { connection in
      let request = try connection.receiveRequest()
      guard request.properties.binary(.correlationData) == Array("mine".utf8),
        request.properties.string(.responseTopic) == "back"
      else { throw TestFailure("\(request.properties)") }
      try connection.answer(request, "no", correlation: [1])
      try connection.answer(request, "yes")
      try connection.receiveDisconnect()
    }
    let words = [
      "rr", "-t", "q", "-n", "-D", "publish", "correlation-data", "mine", "-D", "publish",
      "response-topic", "back",
    ]
    let result = try Program.run(words + broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.output == Array("yes\n".utf8))
    try broker.finish()
  }

  @Test("answers are printed in the order of the requests, up to -M under way") func order() throws
  {
    let broker = try subscribedBroker { connection in
      let first = try (0..<3).map { _ in try connection.receiveRequest() }
      if let early = try? connection.receive(within: 0.2) { throw TestFailure("\(early)") }
      for request in first.reversed() {
        try connection.answer(request, "to " + String(decoding: request.payload, as: UTF8.self))
      }
      for _ in 0..<2 {
        let request = try connection.receiveRequest()
        try connection.answer(request, "to " + String(decoding: request.payload, as: UTF8.self))
      }
      try connection.receiveDisconnect()
    }
    let program = try RunningProgram(
      [Program.apus, "rr", "-t", "q", "-l", "-M", "3"] + broker.address,
      input: .bytes(Array("1\n2\n3\n4\n5".utf8)))
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    #expect(program.outputText == "to 1\nto 2\nto 3\nto 4\nto 5\n")
    try broker.finish()
  }

  @Test("a request without an answer is reported, and the others go on") func timeout() throws {
    let broker = try subscribedBroker { connection in
      let requests = try (0..<3).map { _ in try connection.receiveRequest() }
      try connection.answer(requests[0], "one")
      try connection.answer(requests[2], "three")
      try connection.answer(requests[2], "x", correlation: [7])
      try connection.receiveDisconnect()
    }
    let program = try RunningProgram(
      [Program.apus, "rr", "-t", "q", "-l", "--timeout", "0.5"] + broker.address,
      input: .bytes(Array("1\n2\n3\n".utf8)))
    #expect(try program.wait() == .exited(27))
    #expect(program.outputText == "one\nthree\n")
    #expect(
      program.errorText == "apus rr: request 2: no response within 0.5 s (messages with other "
        + "correlation data: 1; --any takes the first that comes)\n")
    try broker.finish()
  }

  @Test("an answer that comes after its time is not taken for another's") func late() throws {
    let broker = try subscribedBroker { connection in
      let first = try connection.receiveRequest()
      let second = try connection.receiveRequest()
      try connection.answer(first, "late")
      try connection.answer(second, "two")
      try connection.receiveDisconnect()
    }
    let program = try RunningProgram(
      [Program.apus, "rr", "-t", "q", "-l", "-M", "1", "--timeout", "0.3"] + broker.address,
      input: .bytes(Array("1\n2\n".utf8)))
    #expect(try program.wait() == .exited(27))
    #expect(program.outputText == "two\n")
    try broker.finish()
  }

  @Test("-W ends all of it, and tells how much is left") func wholeTimeout() throws {
    let broker = try subscribedBroker { connection in
      for _ in 0..<2 { _ = try connection.receiveRequest() }
      try connection.receiveDisconnect()
    }
    let program = try RunningProgram(
      [Program.apus, "rr", "-t", "q", "-l", "-W", "1"] + broker.address,
      input: .bytes(Array("1\n2\n".utf8)))
    #expect(try program.wait() == .exited(27))
    #expect(program.errorText == "apus rr: timed out; 2 requests have no response\n")
    try broker.finish()
  }

  struct Refused: CustomTestStringConvertible {
    let qos: QoS
    let reason: ReasonCode
    let status: Int32
    var testDescription: String { "\(qos) \(reason)" }
    static let all = [
      Refused(qos: .atLeastOnce, reason: .notAuthorized, status: 135),
      Refused(qos: .atLeastOnce, reason: .noMatchingSubscribers, status: 16),
      Refused(qos: .exactlyOnce, reason: .quotaExceeded, status: 151),
      Refused(qos: .exactlyOnce, reason: .noMatchingSubscribers, status: 16),
    ]
  }

  @Test("a request that is refused is not waited for", arguments: Refused.all)
  func refused(_ row: Refused) throws {
    let broker = try subscribedBroker { connection in
      let first = try connection.receiveRequest()
      let second = try connection.receiveRequest()
      guard let refused = first.packetID, let taken = second.packetID else {
        throw TestFailure("no identifiers")
      }
      // The answer may be here before the acknowledgement of the request.
      try connection.answer(second, "two")
      let type: PacketType = row.qos == .atLeastOnce ? .pubAck : .pubRec
      connection.send(.acknowledgement(Acknowledgement(type, refused, row.reason)))
      connection.send(.acknowledgement(Acknowledgement(type, taken)))
      while case .acknowledgement(let release) = try connection.receive() {
        connection.send(.acknowledgement(Acknowledgement(.pubComp, release.packetID)))
      }
    }
    let program = try RunningProgram(
      [Program.apus, "rr", "-t", "q", "-l", "-q", "\(row.qos.rawValue)"] + broker.address,
      input: .bytes(Array("1\n2\n".utf8)))
    #expect(try program.wait() == .exited(row.status), "\(program.errorText)")
    #expect(program.outputText == "two\n")
    #expect(program.errorText.hasPrefix("apus rr: request 1: "), "\(program.errorText)")
    expectOneLine(program.errorText, from: "rr")
    try broker.finish()
  }

  @Test("without the subscription nothing is asked") func unsubscribed() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake()
      guard case .subscribe(let subscribe) = try connection.receive() else {
        throw TestFailure("no SUBSCRIBE")
      }
      connection.send(
        .subscriptionAck(SubscriptionAck(.subAck, subscribe.packetID, [.notAuthorized])))
      try connection.receiveDisconnect()
    }
    let result = try Program.run(["rr", "-t", "q", "-n"] + broker.address)
    #expect(result.ending == .exited(135), "\(result.errors)")
    expectOneLine(result.errors, from: "rr")
    try broker.finish()
  }

  @Test("a lost connection is told with what it leaves unanswered") func lost() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake()
      try connection.grant()
      let requests = try (0..<3).map { _ in try connection.receiveRequest() }
      try connection.answer(requests[0], "one")
      connection.close()
    }
    let program = try RunningProgram(
      [Program.apus, "rr", "-t", "q", "-l", "--on-loss", "exit"] + broker.address,
      input: .bytes(Array("1\n2\n3\n".utf8)))
    #expect(try program.wait() == .exited(7))
    #expect(program.outputText == "one\n")
    #expect(program.errorText.hasSuffix("; 2 requests have no response\n"), "\(program.errorText)")
    expectOneLine(program.errorText, from: "rr")
    try broker.finish()
  }

  @Test("a signal disconnects and ends the program by itself", arguments: [SIGINT, SIGTERM])
  func signal(_ number: Int32) throws {
    let isReady = DispatchSemaphore(value: 0)
    let broker = try subscribedBroker { connection in
      _ = try connection.receiveRequest()
      isReady.signal()
      try connection.receiveDisconnect()
    }
    let program = try RunningProgram([Program.apus, "rr", "-t", "q", "-n"] + broker.address)
    #expect(isReady.wait(timeout: .now() + 10) == .success)
    program.send(number)
    #expect(try program.wait(within: 10) == .signaled(number))
    expectOneLine(program.errorText, from: "rr")
    try broker.finish()
  }

  @Test("below MQTT 5 requests are made one by one", arguments: [ProtocolVersion.v31, .v311])
  func old(_ version: ProtocolVersion) throws {
    let broker = try subscribedBroker(version) { connection in
      for number in 1...3 {
        let request = try connection.receiveRequest()
        if let early = try? connection.receive(within: 0.1) { throw TestFailure("\(early)") }
        guard request.payload == Array("\(number)".utf8) else { throw TestFailure("\(request)") }
        connection.send(.publish(Publish(topic: "r", payload: Array("to \(number)".utf8))))
      }
      try connection.receiveDisconnect()
    }
    let words = ["rr", "-V", version == .v31 ? "31" : "311", "-t", "q", "-e", "r", "-l"]
    let program = try RunningProgram(
      [Program.apus] + words + broker.address, input: .bytes(Array("1\n2\n3\n".utf8)))
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    #expect(program.outputText == "to 1\nto 2\nto 3\n")
    try broker.finish()
  }

  /// mosquitto has Nagle's algorithm on: what is not confirmed holds back what follows.
  @Test("an answer does not wait in the broker until PUBACK is confirmed") func confirmed() throws {
    let broker = try Mosquitto()
    let server = try RunningProgram(
      [Program.apus, "rr", "--serve", "-t", "q", "--exec", "cat"] + broker.address)
    try broker.waitForLog(" 0 q")
    let result = try Program.run(
      ["rr", "-t", "q", "-q", "1", "-l", "-M", "1", "--latency"] + broker.address,
      input: .bytes(Array("1\n2\n3\n4\n5\n6\n7\n8\n".utf8)))
    #expect(result.ending == .exited(0), "\(result.errors)")
    let text = String(decoding: result.output, as: UTF8.self)
    let times = text.matches(of: /Latency: ([0-9.]+)ms/).compactMap { Double($0.1) }
    #expect(times.count == 8 && times.min() ?? 99 < 20, "\(text)")
    server.send(SIGTERM)
    try server.wait()
  }

  @Test("--latency stands behind the answer") func latency() throws {
    let broker = try subscribedBroker { connection in
      let request = try connection.receiveRequest()
      if let early = try? connection.receive(within: 0.02) { throw TestFailure("\(early)") }
      try connection.answer(request, "x")
    }
    let result = try Program.run(["rr", "-t", "q", "-n", "--latency"] + broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
    let line = try #require(lines.last?.wholeMatch(of: /Latency: ([0-9]+)\.[0-9]{6}ms/))
    #expect(lines.first == "x")
    #expect((19...900).contains(Int(line.1) ?? 0))
    try broker.finish()
  }

  @Test("a line that is too long keeps no other from being asked") func tooLong() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake(granting(Property(.maximumPacketSize, 200)))
      try connection.grant()
      for _ in 0..<2 { try connection.answer(try connection.receiveRequest(), "x") }
      try connection.receiveDisconnect()
    }
    let program = try RunningProgram(
      [Program.apus, "rr", "-t", "q", "-l"] + broker.address,
      input: .bytes(Array("1\n".utf8) + long(500) + Array("\n3\n".utf8)))
    #expect(try program.wait() == .exited(25))
    #expect(program.outputText == "x\nx\n")
    #expect(program.errorText.hasPrefix("apus rr: request 2: a packet of "))
    try broker.finish()
  }

  @Test(
    "wrong command lines",
    arguments: [
      WrongLine("no topic", "rr -m x", says: "a topic is needed"),
      WrongLine("no message", "rr -t q", says: "one of -m, -f, -l"),
      WrongLine("two messages", "rr -t q -m x -n", says: "only one of"),
      WrongLine("wildcard", "rr -t q/# -m x", says: "-t: 'q/#'", "wildcards"),
      WrongLine("response wildcard", "rr -t q -e r/+ -m x", says: "-e: 'r/+' is no response topic"),
      WrongLine("shared", "rr -t q -e $share/a/b -m x", says: "'$share/a/b' is no response topic"),
      WrongLine("no -e in 3.1.1", "rr -V 311 -t q -m x", says: "-e TOPIC"),
      WrongLine(
        "both", "rr -t q -e r -D publish response-topic s -m x",
        says: "-e and -D publish response-topic"),
      WrongLine("window and --any", "rr -t q -l -M 2 --any", says: "-M 2 needs correlation data"),
      WrongLine(
        "-r", "rr -t q -m x -r", says: "'-r' is an option of 'apus pub' and 'apus bench', not"),
      WrongLine("--timeout 0", "rr -t q -m x --timeout 0", says: "--timeout: '0'"),
      WrongLine("--exec alone", "rr -t q -m x --exec cat", says: "--exec needs --serve"),
      WrongLine("-C alone", "rr -t q -m x -C 1", says: "-C needs --serve"),
      WrongLine("--serve alone", "rr --serve -t q", says: "--exec COMMAND"),
      WrongLine("--serve -m", "rr --serve -t q --exec cat -m x", says: "do not go with --serve"),
      WrongLine("--serve --any", "rr --serve -t q --exec cat --any", says: "--any does not go"),
      WrongLine("--serve 3.1.1", "rr -V 311 --serve -t q --exec cat", says: "-e TOPIC"),
      WrongLine(
        "endless", "rr -V 311 --serve -t # --exec cat -e r", says: "answered for ever"),
      WrongLine("--jobs 0", "sub -t q --exec cat --jobs 0", says: "--jobs: '0'"),
      WrongLine("--jobs alone", "sub -t q --jobs 2", says: "--jobs needs --exec"),
      WrongLine("--exec -v", "sub -t q --exec cat -v", says: "-v does not go with --exec"),
      WrongLine("empty command", "sub -t q --exec ''", says: "the command is empty"),
    ])
  func wrong(_ line: WrongLine) throws { try line.check() }
}
