import Foundation
import MQTTProtocol
import Synchronization
import TestSupport
import Testing

/// Several servers: real brokers that stop and start, and scripted ones that send clients away.
@Suite("Several servers", .ownThread) struct ServersTests {
  static let soon = ["--reconnect-delay", "0.05", "--reconnect-max", "0.2"]

  /// Takes one connection for each answer, and refuses it so.
  static func refusing(_ answers: [ConnAck], _ version: ProtocolVersion) throws -> ScriptedBroker {
    try ScriptedBroker { broker in
      for answer in answers {
        let connection = try broker.accept(version)
        try connection.handshake(answer)
        connection.discard()
      }
    }
  }

  @Test(
    "the first that is there is used, in each command and both ways to name them",
    arguments: ["pub", "sub", "rr"], ["-h", "-L"])
  func first(_ command: String, _ option: String) throws {
    let broker = try Mosquitto()
    let closed = try freePort()
    let servers =
      option == "-h"
      ? ["-h", "127.0.0.1:\(closed),127.0.0.1", "-p", String(broker.port)]
      : ["-L", "mqtt://127.0.0.1:\(closed)", "-L", "mqtt://127.0.0.1:\(broker.port)"]
    let own =
      switch command {
      case "pub": ["-m", "x", "-q", "1"]
      case "sub": ["-E"]
      default: ["-m", "x", "-q", "1"]
      }
    let result = try Program.run([command, "-V", "5", "-d", "-t", "nobody/hears"] + own + servers)
    // rr has nobody to answer it, and the broker says so.
    #expect(result.ending == .exited(command == "rr" ? 16 : 0), "\(result.errors)")
    #expect(result.errors.contains("Connecting to 127.0.0.1:\(closed)\n"))
    #expect(result.errors.contains("Connecting to 127.0.0.1:\(broker.port)\n"))
    try broker.waitForLog("New client connected")
  }

  @Test("an IPv6 address has its port behind brackets, or none") func addresses() throws {
    let ports = [try freePort(), try freePort()]
    let result = try Program.run(
      ["pub", "-t", "a", "-m", "x", "-h", "[::1]:\(ports[0]),::1", "-p", String(ports[1])])
    #expect(result.ending == .exited(1))
    for port in ports {
      #expect(result.errors.contains("[::1]:\(port): connection refused"), "\(result.errors)")
    }
  }

  @Test("when none is there, each has its own reason in the one line") func none() throws {
    let closed = try freePort()
    let busy = try Self.refusing([ConnAck(code: 0x89)], .v5)
    let last = try freePort()
    let result = try Program.run(
      ["pub", "-V", "5", "-t", "a", "-m", "x"]
        + ["-h", "127.0.0.1:\(closed),127.0.0.1:\(busy.port),127.0.0.1:\(last)"])
    #expect(result.ending == .exited(1))
    expectOneLine(result.errors, from: "pub")
    for text in [
      "no server can be used: 127.0.0.1:\(closed): connection refused; ",
      "127.0.0.1:\(busy.port): connection refused by the server: Server busy; ",
      "127.0.0.1:\(last): connection refused",
    ] { #expect(result.errors.contains(text), "\(result.errors)") }
  }

  @Test(
    "a server that is unavailable, busy or elsewhere leaves the turn to the next",
    arguments: [(5, 0x88), (5, 0x89), (5, 0x9c), (5, 0x9d), (311, 3)])
  func unavailable(_ version: Int, _ code: UInt8) throws {
    let broker = try Mosquitto()
    let first = try Self.refusing([ConnAck(code: code)], version == 5 ? .v5 : .v311)
    let result = try Program.run(
      ["pub", "-V", String(version), "-t", "a", "-m", "x", "-q", "1"]
        + ["-h", "127.0.0.1:\(first.port),127.0.0.1:\(broker.port)"])
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.errors.isEmpty)
    try broker.waitForLog("Received PUBLISH")
  }

  @Test(
    "any other refusal is the end, whoever comes next",
    arguments: [(5, 0x86), (5, 0x87), (5, 0x85), (5, 0x8a), (311, 4), (311, 5)])
  func refused(_ version: Int, _ code: UInt8) throws {
    let broker = try Mosquitto()
    let first = try Self.refusing([ConnAck(code: code)], version == 5 ? .v5 : .v311)
    let result = try Program.run(
      ["pub", "-V", String(version), "-t", "a", "-m", "x", "-q", "1"]
        + ["-h", "127.0.0.1:\(first.port),127.0.0.1:\(broker.port)"])
    #expect(result.ending == .exited(Int32(code)), "\(result.errors)")
    expectOneLine(result.errors, from: "pub")
    #expect(!broker.log.contains("New client connected"))
  }

  @Test("a broker that stops is replaced at once, and by the first again when the second stops")
  func loss() throws {
    let brokers = [try Mosquitto(), try Mosquitto()]
    let program = try RunningProgram(
      [Program.apus, "sub", "-t", "a", "-v", "-C", "3"]
        // A wait before the second server would be longer than this test.
        + ["--reconnect-delay", "3600", "--reconnect-max", "3600", "-d"]
        + ["-h", brokers.map { "127.0.0.1:\($0.port)" }.joined(separator: ",")])
    try brokers[0].waitForLog("Sending SUBACK")
    try brokers[0].publish(.mosquitto, ["-t", "a", "-m", "1"])
    try program.waitForOutput("a 1\n")
    try brokers[0].stop()
    try brokers[1].waitForLog("Sending SUBACK")
    try program.waitForError("connected again to 127.0.0.1:\(brokers[1].port)")
    try brokers[1].publish(.mosquitto, ["-t", "a", "-m", "2"])
    try program.waitForOutput("a 2\n")
    program.send(SIGTERM)
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
  }

  @Test("lines reach one broker or the other, none is lost") func lines() throws {
    let brokers = [try Mosquitto(), try Mosquitto()]
    let program = try RunningProgram(
      [Program.apus, "pub", "-t", "a", "-l", "-q", "1"] + Self.soon
        + ["-h", brokers.map { "127.0.0.1:\($0.port)" }.joined(separator: ",")], input: .open)
    program.write("1\n")
    try brokers[0].waitForLog("Received PUBLISH")
    try brokers[0].kill()
    try brokers[1].waitForLog("New client connected")
    program.write("2\n")
    try brokers[1].waitForLog("Received PUBLISH")
    try brokers[1].kill()
    try brokers[0].start()
    program.write("3\n")
    program.closeInput()
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    try brokers[0].waitForLog("Received PUBLISH")
  }

  @Test("while none is there, whole rounds are tried with waits between, as --retries counts")
  func rounds() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      try connection.grant()
      connection.close()
      // One connection a round: the first one follows the loss at once, two more are retries.
      for _ in 0..<3 { try broker.accept().close() }
    }
    let closed = try freePort()
    let result = try Program.run(
      ["sub", "-t", "a", "--retries", "3", "-h", "127.0.0.1:\(broker.port),127.0.0.1:\(closed)"]
        + Self.soon)
    #expect(result.ending == .exited(7), "\(result.errors)")
    #expect(result.errors.contains("connecting again (to another server)"))
    #expect(result.errors.contains("no server can be used: "))
    try broker.finish()
  }

  @Test("a silent server uses no more than its share of -W") func share() throws {
    let broker = try Mosquitto()
    let silent = try ScriptedBroker { try $0.accept().discard() }
    let result = try Program.run(
      ["pub", "-t", "a", "-m", "x", "-q", "1", "-W", "4"]
        + ["-h", "127.0.0.1:\(silent.port),127.0.0.1:\(broker.port)"])
    #expect(result.ending == .exited(0), "\(result.errors)")
  }

  @Test("in random order each one is the first some time") func random() throws {
    let ports = [try freePort(), try freePort()]
    var first: Set<String> = []
    for _ in 0..<64 where first.count < 2 {
      let result = try Program.run(
        ["pub", "-t", "a", "-m", "x", "--server-order", "random"]
          + ["-h", ports.map { "127.0.0.1:\($0)" }.joined(separator: ",")])
      let text = result.errors.drop { $0 != "1" }.prefix { $0 != " " }
      first.insert(String(text))
    }
    #expect(first == Set(ports.map { "127.0.0.1:\($0):" }))
  }

  @Test("--pw-cmd runs anew for each server, whether it is there or not") func passwords() throws {
    let folder = TemporaryDirectory()
    let seen = Mutex<[String]>([])
    let brokers = try [ConnAck(code: 3), ConnAck()].map { answer in
      try ScriptedBroker { broker in
        let connection = try broker.accept()
        let connect = try connection.handshake(answer)
        seen.withLock { $0.append(String(decoding: connect.password ?? [], as: UTF8.self)) }
        connection.discard()
      }
    }
    let result = try Program.run(
      ["pub", "-t", "a", "-m", "x", "-u", "me", "-h"]
        + ["127.0.0.1:\(brokers[0].port),127.0.0.1:\(try freePort()),127.0.0.1:\(brokers[1].port)"]
        + ["--pw-cmd", "cd '\(folder.path)' && echo >>runs && wc -l <runs"])
    #expect(result.ending == .exited(0), "\(result.errors)")
    for broker in brokers { try broker.finish() }
    #expect(seen.withLock { $0 } == ["1", "3"])
  }

  /// Two servers, the first of which is unavailable (0x88) once `login` is over.
  ///
  /// - Parameter login: accepts the client where it is told that the server is free.
  /// - Returns: the servers, and what `login` returned on each.
  private static func busyAndFree(
    _ login: @escaping @Sendable (ScriptedConnection, _ isFree: Bool) throws -> [UInt8]
  ) throws -> ([ScriptedBroker], @Sendable () -> [[UInt8]]) {
    let heard = Heard()
    let brokers = try [false, true].map { isFree in
      try ScriptedBroker { broker in
        let connection = try broker.accept(.v5)
        let data = try login(connection, isFree)
        heard.all.withLock { $0.append(data) }
        if !isFree { connection.send(.connAck(ConnAck(code: 0x88))) }
        connection.discard()
      }
    }
    return (brokers, { heard.all.withLock { $0 } })
  }

  private final class Heard: Sendable { let all = Mutex<[[UInt8]]>([]) }

  @Test("SCRAM starts afresh with the next server") func scram() throws {
    let (brokers, first) = try Self.busyAndFree { connection, isFree in
      let server = try SCRAMServer("sha256", password: "pencil")
      let (_, data) = try connection.takeConnect()
      connection.challenge(try server.answer(data), "SCRAM-SHA-256")
      let last = try server.answer(try connection.takeAuth())
      if isFree { connection.accept(last, "SCRAM-SHA-256") }
      return data
    }
    let result = try Program.run(
      ["pub", "-t", "a", "-m", "x"] + SCRAMWireTests.login
        + ["-h", brokers.map { "127.0.0.1:\($0.port)" }.joined(separator: ",")],
      within: 60)
    #expect(result.ending == .exited(0), "\(result.errors)")
    for broker in brokers { try broker.finish() }
    let nonces = first()
    #expect(nonces.count == 2 && Set(nonces).count == 2)
  }

  @Test("--auth-cmd is told the host of each server") func authenticationHost() throws {
    let (brokers, hosts) = try Self.busyAndFree { connection, isFree in
      let (_, data) = try connection.takeConnect()
      if isFree { connection.accept(nil, "M") }
      return data
    }
    let result = try Program.run(
      ["pub", "-t", "a", "-m", "x", "--auth-method", "M"]
        + ["--auth-cmd", "read -r line; printf %s \"$MQTT_AUTH_HOST\" | base64"]
        + ["-h", "localhost:\(brokers[0].port),127.0.0.1:\(brokers[1].port)"])
    #expect(result.ending == .exited(0), "\(result.errors)")
    for broker in brokers { try broker.finish() }
    #expect(hosts() == ["localhost", "127.0.0.1"].map { Array($0.utf8) })
  }

  static let contradictions: [(String, String)] = [
    ("-h a,,b", "is no host name"),
    ("-h a:0", "port from 1 to 65535"), ("-h a:x", "port from 1 to 65535"),
    ("-h [::1]x", "port from 1 to 65535"),
    ("-S -h a:1883", "-S finds host and port itself"),
    ("-L mqtt://a -L mqtts://b", "one scheme"), ("-L ws://a/x -L ws://b/y", "one WebSocket path"),
    ("-L mqtt://me:secret@a -L mqtt://you@b", "one login"),
    ("-L mqtt://me:secret@a -L mqtt://me:hidden@b", "one login"),
    ("-L mqtt://a/x -L mqtt://b/y", "one topic"), ("--server-order first", "listed or random"),
  ]

  @Test("contradictions are told before anything is done", arguments: contradictions)
  func contradiction(_ words: String, _ text: String) throws {
    let result = try Program.run(
      ["pub", "-t", "a", "-m", "x"] + words.split(separator: " ").map(String.init))
    #expect(result.ending == .exited(1))
    expectOneLine(result.errors, from: "pub")
    #expect(result.errors.contains(text), "\(result.errors)")
    #expect(!result.errors.contains("secret") && !result.errors.contains("hidden"))
  }

  @Test("a URL on the command line takes the place of those in files") func files() throws {
    let broker = try Mosquitto()
    let home = TemporaryDirectory()
    let file = try home.write(
      Array("-L mqtt://127.0.0.1:\(try freePort())\n-L mqtt://127.0.0.1:\(try freePort())\n".utf8),
      to: "options")
    let result = try Program.run(
      ["pub", "-o", file, "-d", "-L", "mqtt://127.0.0.1:\(broker.port)/a", "-m", "x", "-q", "1"])
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.errors.components(separatedBy: "Connecting to").count == 2, "\(result.errors)")
  }

  @Test("mosquitto's programs know none of it", arguments: ["-h", "--follow-redirect"])
  func dropIn(_ option: String) throws {
    let broker = try Mosquitto()
    let words =
      option == "-h" ? ["-h", "127.0.0.1,localhost", "-p", String(broker.port)] : [option]
    let result = try Program.run(["--drop-in", "pub", "-t", "a", "-m", "x"] + words)
    #expect(result.ending != .exited(0))
    #expect(!broker.log.contains("New client connected"))
  }
}
