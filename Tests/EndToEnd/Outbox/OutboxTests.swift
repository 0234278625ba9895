import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// Messages wait in a folder until a broker has them.
@Suite("Outbox", .ownThread) struct OutboxTests {
  @Test("offline is success; the flush needs nothing but the folder") func offline() throws {
    let broker = try Mosquitto.persistent()
    let subscriber = try broker.persistentSubscriber("a/#")
    try broker.stop()
    let spool = Spool()
    for number in 1...3 {
      let result = try spool.pub(["-t", "a/b", "-q", "2", "-m", "\(number)"] + broker.address)
      #expect(result.ending == .exited(0), "\(result.errors)")
      let queued = number == 1 ? "1 message is" : "\(number) messages are"
      #expect(result.errors.contains("\(queued) queued in \(spool.path)"))
    }
    let left = try spool.flush()
    #expect(left.ending == .exited(75), "\(left.errors)")
    try broker.start()
    let result = try spool.flush()
    #expect(result.ending == .exited(0) && result.errors == "", "\(result.errors)")
    try subscriber.waitForOutput("1\n2\n3\n")
    #expect(try spool.count("queued") == 0)
    #expect(try spool.count("delivered") == 3)
    #expect(try spool.flush().ending == .exited(0))
  }

  @Test("online the message is delivered at once, at each QoS", arguments: [0, 1, 2])
  func online(_ qos: Int) throws {
    let broker = try Mosquitto.persistent()
    let subscriber = try broker.persistentSubscriber("a", qos: qos)
    let spool = Spool()
    for version in ["311", "5"] {
      let result = try spool.pub(
        ["-t", "a", "-q", "\(qos)", "-V", version, "-m", version] + broker.address)
      #expect(result.ending == .exited(0) && result.errors == "", "\(result.errors)")
      try subscriber.waitForOutput("\(version)\n")
    }
    #expect(try spool.count("queued") == 0)
  }

  @Test("the folder and its files are their owner's only") func modes() throws {
    let spool = Spool()
    let program = try RunningProgram(
      [Program.apus, "pub", "--outbox", spool.path, "-t", "a", "-q", "1", "-l"] + Spool.nowhere,
      input: .open)
    program.write("x\n")
    try eventually("the message to be stored") { (try? spool.count("stored")) == 1 }
    for name in [""] + (try spool.files()) {
      let path = name.isEmpty ? spool.path : spool.path + "/" + name
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
      #expect(mode as? Int == (name.isEmpty ? 0o700 : 0o600), "\(name)")
    }
    program.closeInput()
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
  }

  @Test("--require-delivery has a status of its own") func required() throws {
    let spool = Spool()
    let words = ["-t", "a", "-q", "1", "-m", "x", "--require-delivery"]
    #expect(try spool.pub(words + Spool.nowhere).ending == .exited(75))
    let broker = try Mosquitto()
    #expect(try spool.pub(words + broker.address).ending == .exited(0))
    #expect(try spool.count("delivered") == 2)
  }

  @Test("a password itself is not kept, and that is said") func secrets() throws {
    let spool = Spool()
    let url = ["-L", "mqtt://me:swordfish@127.0.0.1:1/a", "-q", "1", "-m", "x"]
    let first = try spool.pub(url + ["-P", "hunter2"])
    #expect(first.ending == .exited(0))
    #expect(first.errors.contains("does not keep the secret of --pw"), "\(first.errors)")
    for name in try spool.files() {
      let data = try Data(contentsOf: URL(fileURLWithPath: spool.path + "/" + name))
      #expect(data.range(of: Data("hunter2".utf8)) == nil)
      #expect(data.range(of: Data("swordfish".utf8)) == nil)
    }
    let stats = String(decoding: try spool.outbox(["stats"]).output, as: UTF8.self)
    #expect(stats.contains("mqtt://me@127.0.0.1:1/a"), "\(stats)")
  }

  @Test("ls, show, drop and stats tell what is there") func inspection() throws {
    let spool = Spool()
    let words = ["-V", "5", "-q", "1", "-D", "publish", "user-property", "k", "v\u{1b}[1m"]
    for topic in ["a", "b/\u{1b}[31mred"] {
      let result = try spool.pub(
        words + ["--allow-control-characters", "-t", topic, "-m", "pay\u{7}load"] + Spool.nowhere)
      #expect(result.ending == .exited(0), "\(result.errors)")
    }
    let list = String(decoding: try spool.outbox(["ls"]).output, as: UTF8.self)
    let fields = list.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(fields.map { $0[0] } == ["1", "2"] && fields.map { $0[1] } == ["waiting", "waiting"])
    #expect(fields[1].last == "b/\\x1b[31mred", "\(list)")
    let json = try spool.outbox(["ls"], ["--json"]).output.split(separator: 10)
    let second = try JSONSerialization.jsonObject(with: Data(json[1])) as? [String: Any]
    #expect(second?["topic"] as? String == "b/\u{1b}[31mred" && second?["bytes"] as? Int == 8)
    let shown = String(decoding: try spool.outbox(["show", "2"]).output, as: UTF8.self)
    #expect(shown.hasSuffix("\n\npay\u{7}load") && shown.contains("user-property: k v\\x1b[1m"))
    #expect(try spool.outbox(["drop", "1"]).ending == .exited(0))
    #expect(try spool.outbox(["drop", "1"]).ending == .exited(1))
    #expect(try spool.outbox(["show", "1"]).ending == .exited(1))
    #expect(try spool.count("queued") == 1)
    #expect(try spool.outbox(["drop", "--all"]).ending == .exited(0))
    #expect(try spool.count("queued") == 0)
    #expect(try spool.count("dropped") == 2)
    #expect(try spool.count("bytes") == 0)
  }

  @Test(
    "wrong words are errors",
    arguments: [
      ["outbox"], ["outbox", "ls"], ["outbox", "what", "--outbox", "x"],
      ["outbox", "show", "--outbox", "x"], ["outbox", "drop", "--outbox", "x"],
      ["outbox", "ls", "--outbox", "/nonexistent/x"], ["outbox", "flush", "--outbox", ""],
      ["pub", "-t", "a", "-m", "x", "--no-wait"], ["pub", "-t", "a", "-m", "x", "--max-size", "9"],
      ["pub", "-t", "a", "-m", "x", "--outbox", "/tmp/x", "--eager"],
    ])
  func words(_ words: [String]) throws {
    let result = try Program.run(words)
    let status: Int32 = words.contains("/nonexistent/x") ? 73 : 1
    #expect(result.ending == .exited(status), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
  }

  @Test("what is past its time is dropped and reported; the rest of it goes to the broker")
  func expiry() throws {
    let spool = Spool()
    // Whichever run finds out.
    var told = ""
    func pub(_ payload: String, _ words: [String]) throws {
      let result = try spool.pub(
        ["-V", "5", "-t", "a", "-q", "1", "-m", payload] + words + Spool.nowhere)
      #expect(result.ending == .exited(0), "\(result.errors)")
      told += result.errors
    }
    try pub("short", ["-D", "publish", "message-expiry-interval", "1"])
    try pub("old", ["--max-age", "0.5"])
    try pub("long", ["-D", "publish", "message-expiry-interval", "100"])
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake()
      guard case .publish(let packet) = try connection.receive(), let id = packet.packetID else {
        throw TestFailure("no PUBLISH")
      }
      #expect(packet.payload == Array("long".utf8))
      let interval = packet.properties.number(.messageExpiryInterval) ?? 0
      #expect((50...99).contains(interval))
      connection.send(.acknowledgement(Acknowledgement(.pubAck, id)))
      while try connection.next() != nil {}
    }
    try eventually("two seconds to pass") { try spool.count("oldest") >= 2 }
    let result = try spool.flush(broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect((told + result.errors).contains("dropped: past their time"), "\(result.errors)")
    #expect(try spool.count("expired") == 2)
    try broker.finish()
  }

  @Test("--max-size is kept to, and what exceeds it is an error") func size() throws {
    let spool = Spool()
    let words = ["-t", "a", "-q", "1", "--max-size", "10"]
    #expect(try spool.pub(words + ["-m", "123456789"] + Spool.nowhere).ending == .exited(0))
    let full = try spool.pub(words + ["-m", ""] + Spool.nowhere)
    #expect(full.ending == .exited(73) && full.errors.contains("is full"), "\(full.errors)")
    let lines = try Spool().pub(
      words + ["-l"] + Spool.nowhere, input: .bytes(Array("123\n456\n789\n".utf8)))
    #expect(lines.ending == .exited(73) && lines.errors.contains("2 messages stored"))
  }

  @Test("what the broker refuses leaves, what it does not take stays") func refusals() throws {
    let spool = Spool()
    for payload in ["1", "22222222222222222222222222222222222", "3"] {
      _ = try spool.pub(["-V", "5", "-t", "a", "-q", "2", "-m", payload] + Spool.nowhere)
    }
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake(
        ConnAck(properties: Properties([Property(.maximumPacketSize, 30)].compactMap { $0 })))
      for reason in [ReasonCode.quotaExceeded, .noMatchingSubscribers] {
        guard case .publish(let packet) = try connection.receive(), let id = packet.packetID else {
          throw TestFailure("no PUBLISH")
        }
        connection.send(.acknowledgement(Acknowledgement(.pubRec, id, reason)))
        if reason.isFailure { continue }
        guard case .acknowledgement(let release) = try connection.receive() else {
          throw TestFailure("no PUBREL")
        }
        #expect(release.type == .pubRel && release.packetID == id)
        connection.send(.acknowledgement(Acknowledgement(.pubComp, id)))
      }
      while try connection.next() != nil {}
    }
    let result = try spool.flush(broker.address)
    #expect(result.ending == .exited(25) || result.ending == .exited(0x97), "\(result.errors)")
    #expect(result.errors.contains("message 2 stays in the outbox"), "\(result.errors)")
    #expect(result.errors.contains("message 1 refused by the server"), "\(result.errors)")
    #expect(try spool.count("queued") == 1)
    #expect(try spool.count("refused") == 1)
    try broker.finish()
  }
}
