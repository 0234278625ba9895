import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// `apus rr --serve`: commands that answer.
@Suite("Serving") struct ServeTests {
  private func serve(
    _ broker: ScriptedBroker, _ command: String, _ more: [String] = [],
    environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try RunningProgram(
      [Program.apus, "rr", "--serve", "-t", "q/#", "--exec", command] + more + broker.address,
      environment: environment)
  }

  /// The next answer: its topic, payload and correlation data.
  private static func expectAnswer(
    _ connection: ScriptedConnection, _ payload: String, topic: UTF8String = "r",
    correlation: [UInt8]? = [1, 0, 255]
  ) throws {
    let answer = try connection.receiveRequest()
    guard answer.topic == topic, String(decoding: answer.payload, as: UTF8.self) == payload,
      answer.properties.binary(.correlationData) == correlation,
      !answer.properties.contains(.responseTopic)
    else { throw TestFailure("\(answer)") }
  }

  @Test("subscribes without its own answers, and answers with what the command prints")
  func wire() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake()
      let subscription = try connection.grant().subscriptions[0]
      guard subscription.noLocal, subscription.filter.bytes == Array("q/#".utf8) else {
        throw TestFailure("\(subscription)")
      }
      connection.ask(Array("hello".utf8))
      try Self.expectAnswer(connection, "HELLO")
      connection.ask([], answer: "elsewhere", correlation: nil)
      try Self.expectAnswer(connection, "", topic: "elsewhere", correlation: nil)
      try connection.receiveDisconnect()
    }
    let program = try serve(broker, "tr a-z A-Z", ["-C", "2"])
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    #expect(program.errorText == "")
    try broker.finish()
  }

  @Test("the command learns everything about its request, and nothing of another")
  func environment() throws {
    let user = try ["a=b", "c\nd"].map {
      Property(user: try UTF8String($0), "$(touch x) '\"\\")
    }
    let broker = try subscribedBroker { connection in
      connection.ask(
        topic: "q/ü $HOME",
        properties: user
          + [
            Property(.contentType, "text/plain"), Property(.messageExpiryInterval, 7),
            Property(.payloadFormatIndicator, 1),
          ].compactMap { $0 })
      let first = try connection.receiveRequest()
      let expected = """
        MQTT_CONTENT_TYPE=text/plain
        MQTT_CORRELATION_DATA=AQD/
        MQTT_MESSAGE_EXPIRY=7
        MQTT_OTHER=kept
        MQTT_PAYLOAD_FORMAT=1
        MQTT_QOS=0
        MQTT_RESPONSE_TOPIC=r
        MQTT_RETAIN=0
        MQTT_TOPIC=q/ü $HOME
        MQTT_USER_PROPERTIES=2
        MQTT_USER_PROPERTY_1_NAME=a=b
        MQTT_USER_PROPERTY_1_VALUE=$(touch x) '\"\\
        MQTT_USER_PROPERTY_2_NAME=c?d
        MQTT_USER_PROPERTY_2_VALUE=$(touch x) '\"\\

        """
      guard String(decoding: first.payload, as: UTF8.self) == expected else {
        throw TestFailure(String(decoding: first.payload, as: UTF8.self))
      }
      connection.ask(topic: "q", correlation: nil)
      try Self.expectAnswer(
        connection,
        "MQTT_OTHER=kept\nMQTT_QOS=0\nMQTT_RESPONSE_TOPIC=r\nMQTT_RETAIN=0\n"
          + "MQTT_TOPIC=q\n", correlation: nil)
    }
    let inherited = [
      "MQTT_TOPIC": "old", "MQTT_CORRELATION_DATA": "old", "MQTT_USER_PROPERTY_1_NAME": "old",
      "MQTT_OTHER": "kept",
    ]
    let program = try serve(
      broker, "env -0 | tr '\\n\\0' '?\\n' | grep ^MQTT_ | LC_ALL=C sort", ["-C", "2"],
      environment: inherited)
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    try broker.finish()
  }

  struct Failing: CustomTestStringConvertible {
    let command: String
    let says: String
    var testDescription: String { command }
    static let all = [
      Failing(command: "echo no; exit 3", says: "the command exited with status 3"),
      Failing(command: "echo no; kill -9 $$", says: "the command was killed by signal 9 (Killed)"),
      Failing(command: "/no/such/program", says: "the command exited with status 127"),
      Failing(command: "echo no; kill -13 $$", says: "the command was killed by signal 13"),
    ]
  }

  @Test("a command that fails answers nothing, and is reported", arguments: Failing.all)
  func failing(_ row: Failing) throws {
    let broker = try subscribedBroker { connection in
      connection.ask(topic: "q/bad", qos: .atLeastOnce, packetID: 9)
      // Acknowledged all the same: it would fail again.
      guard try connection.receiveAcknowledgement().packetID.rawValue == 9 else {
        throw TestFailure("no PUBACK")
      }
      connection.ask([1], topic: "q/good")
      try Self.expectAnswer(connection, "good\n")
      try connection.receiveDisconnect()
    }
    let command = "if [ $MQTT_TOPIC = q/good ]; then echo good; else \(row.command); fi"
    let program = try serve(broker, command, ["-C", "2", "-q", "1"])
    #expect(try program.wait() == .exited(123))
    #expect(program.errorText.contains("apus rr: q/bad: \(row.says)"), "\(program.errorText)")
    try broker.finish()
  }

  @Test("what cannot be answered is not run, and what the command says on standard error is seen")
  func unanswerable() throws {
    let broker = try subscribedBroker { connection in
      connection.ask(topic: "q/1", answer: nil)
      connection.ask(topic: "q/2", answer: "a/#")
      connection.ask(topic: "q/3", answer: "")
      connection.ask(topic: "q/4")
      try Self.expectAnswer(connection, "")
      try connection.receiveDisconnect()
    }
    let program = try serve(broker, "echo ran $MQTT_TOPIC >&2", ["-C", "1"])
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    #expect(
      program.errorText == """
        apus rr: q/1: not run: the request has no response topic
        apus rr: q/2: not run: 'a/#' is no response topic to publish to
        apus rr: q/3: not run: '' is no response topic to publish to
        ran q/4

        """)
    try broker.finish()
  }

  @Test("-e answers requests that name no topic, in any version", arguments: ["5", "311", "31"])
  func fixed(_ version: String) throws {
    let level: ProtocolVersion = version == "5" ? .v5 : version == "311" ? .v311 : .v31
    let broker = try subscribedBroker(level) { connection in
      connection.send(.publish(Publish(topic: "q", payload: Array("x".utf8))))
      try Self.expectAnswer(connection, "x", correlation: nil)
    }
    let program = try serve(broker, "cat", ["-e", "r", "-V", version, "-C", "1"])
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    try broker.finish()
  }

  /// A command that says that it has begun, and goes on when it may.
  private static func gated(_ folder: TemporaryDirectory) -> String {
    let path = folder.path
    return "read n; : >\(path)/began-$n; while [ ! -e \(path)/go-$n ]; do sleep 0.01; done; echo $n"
  }

  private static func exists(_ folder: TemporaryDirectory, _ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.file(name))
  }

  @Test("no more run than --jobs says; acknowledgements keep the order of the requests")
  func jobs() throws {
    let folder = TemporaryDirectory()
    let broker = try subscribedBroker { connection in
      func takeAnswer() throws -> String {
        let answer = try connection.receiveRequest()
        guard let id = answer.packetID else { throw TestFailure("an answer at QoS 0") }
        connection.send(.acknowledgement(Acknowledgement(.pubAck, id)))
        return String(decoding: answer.payload, as: UTF8.self)
      }
      func expectAcknowledgement(_ number: UInt16) throws {
        let id = try connection.receiveAcknowledgement().packetID.rawValue
        guard id == number else { throw TestFailure("PUBACK \(id), not \(number)") }
      }
      for number in 1...4 as ClosedRange<UInt16> {
        connection.ask(Array("\(number)".utf8), qos: .atLeastOnce, packetID: number)
      }
      try eventually("two commands") {
        Self.exists(folder, "began-1") && Self.exists(folder, "began-2")
      }
      if let early = try? connection.receive(within: 0.2) { throw TestFailure("\(early)") }
      if Self.exists(folder, "began-3") { throw TestFailure("a third command") }
      _ = try folder.write([], to: "go-2")
      guard try takeAnswer() == "2\n" else { throw TestFailure("not 2") }
      try eventually("the third command") { Self.exists(folder, "began-3") }
      if let early = try? connection.receive(within: 0.2) { throw TestFailure("\(early)") }
      _ = try folder.write([], to: "go-1")
      guard try takeAnswer() == "1\n" else { throw TestFailure("not 1") }
      try expectAcknowledgement(1)
      try expectAcknowledgement(2)
      _ = try folder.write([], to: "go-4")
      guard try takeAnswer() == "4\n" else { throw TestFailure("not 4") }
      _ = try folder.write([], to: "go-3")
      guard try takeAnswer() == "3\n" else { throw TestFailure("not 3") }
      try expectAcknowledgement(3)
      try expectAcknowledgement(4)
    }
    let program = try serve(broker, Self.gated(folder), ["-q", "1", "--jobs", "2"])
    try eventually("the end of the script", within: 20) { Self.exists(folder, "go-3") }
    try eventually("no children") { children(of: program.pid).isEmpty }
    program.send(SIGTERM)
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    try broker.finish()
  }

  @Test("a signal lets commands that run answer", arguments: [SIGINT, SIGTERM])
  func signal(_ number: Int32) throws {
    let folder = TemporaryDirectory()
    let broker = try subscribedBroker { connection in
      connection.ask(Array("1".utf8))
      try Self.expectAnswer(connection, "1\n")
      try connection.receiveDisconnect()
    }
    let program = try serve(broker, Self.gated(folder))
    try eventually("the command") { Self.exists(folder, "began-1") }
    program.send(number)
    try eventually("the signal to be taken") { program.isWaiting }
    _ = try folder.write([], to: "go-1")
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    try broker.finish()
  }

  @Test("a second signal ends commands that don't end, and what they have started") func second()
    throws
  {
    let folder = TemporaryDirectory()
    let broker = try subscribedBroker { connection in
      connection.ask(Array("1".utf8), qos: .atLeastOnce)
      // Not acknowledged: whoever has the session next shall get it.
      try connection.receiveDisconnect()
    }
    let command = "sleep 300 & echo $! >\(folder.path)/pid; : >\(folder.path)/began; wait"
    let program = try serve(broker, command, ["-q", "1"])
    try eventually("the command") { Self.exists(folder, "began") }
    let text = try String(contentsOfFile: folder.file("pid"), encoding: .utf8)
    let grandchild = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    program.send(SIGTERM)
    try eventually("the signal to be taken") { program.isWaiting }
    program.send(SIGTERM)
    #expect(try program.wait(within: 5) == .exited(123), "\(program.errorText)")
    #expect(program.errorText == "apus rr: commands that still run are ended: 1\n")
    try eventually("the end of the grandchild") { kill(grandchild, 0) != 0 }
    try broker.finish()
  }

  @Test("a request that is never read, however large, does no harm") func unread() throws {
    let large = [UInt8](repeating: 0x78, count: 3 << 20)
    let broker = try subscribedBroker { connection in
      connection.ask(large)
      try Self.expectAnswer(connection, "done\n")
      try connection.receiveDisconnect()
    }
    let program = try serve(broker, "exec <&-; echo done", ["-C", "1"])
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    try broker.finish()
  }

  @Test("a large request goes through a command unchanged") func large() throws {
    let large = randomBytes(5 << 20)
    let broker = try subscribedBroker { connection in
      connection.ask(large)
      let answer = try connection.receiveRequest()
      guard same(answer.payload, large) else { throw TestFailure("\(answer.payload.count) bytes") }
    }
    let program = try serve(broker, "cat", ["-C", "1"])
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    try broker.finish()
  }

  @Test("a command is over when it has ended, though something behind it holds the pipe")
  func daemon() throws {
    let broker = try subscribedBroker { connection in
      connection.ask()
      try Self.expectAnswer(connection, "answer\n")
      try connection.receiveDisconnect()
    }
    let program = try serve(broker, "sleep 20 2>&- & echo answer", ["-C", "1"])
    #expect(try program.wait(within: 5) == .exited(0), "\(program.errorText)")
    try broker.finish()
  }

  @Test("more than a message can hold is not sent", arguments: ["yes", "head -c 1000 /dev/zero"])
  func tooLarge(_ command: String) throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake(granting(Property(.maximumPacketSize, 1000)))
      try connection.grant()
      connection.ask()
      try connection.receiveDisconnect()
    }
    let program = try serve(broker, command, ["-C", "1"])
    let ending = try program.wait()
    #expect(ending == .exited(command == "yes" ? 123 : 25), "\(program.errorText)")
    expectOneLine(program.errorText, from: "rr")
    try broker.finish()
  }

  /// Goes away as soon as the command for its request has begun, and ends when the client has noticed it.
  private func leavingBroker(_ folder: TemporaryDirectory) throws -> ScriptedBroker {
    try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake()
      try connection.grant()
      connection.ask(Array("1".utf8))
      try eventually("the command") { Self.exists(folder, "began-1") }
      connection.finishSending()
      while try connection.next() != nil {}
    }
  }

  @Test("a broker that goes away ends the server, once its commands have ended") func gone() throws
  {
    let folder = TemporaryDirectory()
    let broker = try leavingBroker(folder)
    let program = try serve(
      broker, Self.gated(folder) + " >\(folder.path)/end", ["--on-loss", "exit"])
    try broker.finish()
    _ = try folder.write([], to: "go-1")
    #expect(try program.wait() == .exited(7), "\(program.errorText)")
    #expect(try String(contentsOfFile: folder.file("end"), encoding: .utf8) == "1\n")
  }

  @Test("a signal while the broker is away waits for commands too") func away() throws {
    let folder = TemporaryDirectory()
    let broker = try leavingBroker(folder)
    let program = try serve(
      broker, Self.gated(folder) + " >\(folder.path)/end", ["--reconnect-delay", "60"])
    try broker.finish()
    try program.waitForError("connecting again")
    program.send(SIGTERM)
    try eventually("the signal to be taken") { program.isWaiting }
    _ = try folder.write([], to: "go-1")
    let ending = try program.wait()
    #expect(ending != .signaled(SIGTERM), "\(program.errorText)")
    #expect(try String(contentsOfFile: folder.file("end"), encoding: .utf8) == "1\n")
    #expect(!program.errorText.contains("are ended"), "\(program.errorText)")
  }

  @Test("keep-alive goes on while a command runs") func ping()
    throws
  {
    let folder = TemporaryDirectory()
    let broker = try subscribedBroker { connection in
      connection.ask(Array("1".utf8))
      guard case .pingReq = try connection.receive() else { throw TestFailure("no PINGREQ") }
      connection.send(.pingResp)
      _ = try folder.write([], to: "go-1")
      try Self.expectAnswer(connection, "1\n")
    }
    let program = try serve(broker, Self.gated(folder), ["-C", "1", "-k", "1", "--jobs", "1"])
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    try broker.finish()
  }

  @Test("commands get no descriptor but the standard ones") func descriptors() throws {
    let broker = try subscribedBroker { connection in
      connection.ask()
      // ls has one of its own.
      try Self.expectAnswer(connection, "0\n1\n2\n3\n")
    }
    // Of the tests' own descriptors some are inherited; a shell would hand them on too.
    let closing = "import os, sys; os.closerange(3, 4096); os.execv(sys.argv[1], sys.argv[1:])"
    let program = try RunningProgram(
      [
        "python3", "-c", closing, Program.apus, "rr", "--serve", "-t", "q", "--exec",
        "ls /proc/self/fd", "-C", "1",
      ] + broker.address)
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    try broker.finish()
  }

  // MARK: With a real broker

  @Test("10,000 requests are answered each by its own, in their order", arguments: ["0", "1", "2"])
  func many(_ qos: String) throws {
    let count = qos == "0" ? 10_000 : 1000
    let broker = try Shared.broker.get()
    let topic = Shared.name("serve")
    let id = Shared.name("s")
    let start = broker.log.utf8.count
    let server = try RunningProgram(
      [Program.apus, "rr", "--serve", "-t", topic, "-q", qos, "-i", id, "--exec", "sed 's/^/to /'"]
        + broker.address)
    try broker.waitForLog("Sending SUBACK to \(id)\n", after: start)
    let program = try RunningProgram(
      [Program.apus, "rr", "-t", topic, "-q", qos, "-l", "-M", "100"] + broker.address,
      input: .bytes(numberedLines(count)))
    #expect(try program.wait(within: 120) == .exited(0), "\(program.errorText)")
    let expected = (1...count).map { "to line \($0)\n" }.joined()
    #expect(same(program.outputSoFar, Array(expected.utf8)))
    server.send(SIGTERM)
    #expect(try server.wait() == .exited(0), "\(server.errorText)")
  }

  @Test("mosquitto_rr is answered") func mosquitto() throws {
    let broker = try Shared.broker.get()
    let topic = Shared.name("serve")
    let id = Shared.name("s")
    let start = broker.log.utf8.count
    let server = try RunningProgram(
      [Program.apus, "rr", "--serve", "-t", topic, "-i", id, "--exec", "tr a-z A-Z", "-C", "1"]
        + broker.address)
    try broker.waitForLog("Sending SUBACK to \(id)\n", after: start)
    let client = try RunningProgram(
      ["mosquitto_rr", "-t", topic, "-e", topic + "/r", "-m", "hello"] + broker.address)
    #expect(try client.text() == "HELLO\n")
    #expect(try server.wait() == .exited(0), "\(server.errorText)")
  }

  @Test("a service of mosquitto_sub and mosquitto_pub answers") func shell() throws {
    let broker = try Shared.broker.get()
    let topic = Shared.name("serve")
    let id = Shared.name("s")
    let start = broker.log.utf8.count
    let address = broker.address.joined(separator: " ")
    let script = """
      mosquitto_sub \(address) -V 5 -i \(id) -C 1 -t \(topic) -F '%R %D %p' | {
        read answer data payload
        mosquitto_pub \(address) -V 5 -t "$answer" -D publish correlation-data "$data" -m "got $payload"
      }
      """
    let service = try RunningProgram(["/bin/sh", "-c", script])
    try broker.waitForLog("Sending SUBACK to \(id)\n", after: start)
    let result = try Program.run(["rr", "-t", topic, "-q", "1", "-m", "hello"] + broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.output == Array("got hello\n".utf8))
    #expect(try service.wait() == .exited(0))
  }

  @Test("mosquitto tells that nobody subscribes") func unmatched() throws {
    let broker = try Shared.broker.get()
    let result = try Program.run(
      ["rr", "-t", Shared.name("nobody"), "-q", "1", "-n"] + broker.address)
    #expect(result.ending == .exited(16), "\(result.errors)")
    expectOneLine(result.errors, from: "rr")
  }
}
