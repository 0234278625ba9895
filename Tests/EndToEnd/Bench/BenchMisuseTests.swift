import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// What `apus bench` refuses before anybody hears of it, and how it ends when it does not end by itself.
@Suite("Bench: bad input and early ends") struct BenchMisuseTests {
  @Test(
    "what makes no run is refused before anything is sent, and the place is named",
    arguments: [
      ([], "a mode is needed"),
      (["pup"], "'pup' is not conn, pub, sub, pubsub, rr, compare or merge"),
      (["pub", "--rate", "0"], "--rate: '0'"), (["pub", "--rate", "x"], "--rate: 'x'"),
      (["pub", "--rate", "1", "--client-rate", "1"], "only one can be used"),
      (["pub", "--poisson"], "--poisson needs a rate"),
      (["conn", "--rate", "1"], "--rate does not go with conn"),
      (["pub", "-t", "a/%d"], "-t 'a/%d': byte 3"), (["pub", "-t", "a/#"], "-t"),
      (["pubsub", "--filter", "a/#/b"], "--filter: 'a/#/b'"),
      (["pubsub", "--filter", "a/%i"], "--filter: a subscriber has one filter"),
      (["pubsub", "-t", "a/%i", "--filter", "a/+"], "nobody could tell"),
      (
        ["pub", "-t", String(repeating: "a", count: 65_530) + "%i"], "a topic of up to 65549 bytes"
      ),
      (["pub", "-t", "{{hex 65535}}/%c"], "is too long: 65535 fit in"),
      (["rr", "-V", "5", "-t", "{{hex 65530}}"], "is too long: 65520 fit in"),
      (
        ["pub", "-m", String(repeating: "{{hex 65535}}", count: 5000)],
        "-m: a payload may have more"
      ),
      (["rr", "-t", "a/%i"], "-t: below MQTT 5 answers come to TOPIC/answer"),
      (["rr", "-V", "5", "-D", "publish", "response-topic", "x"], "rr sets response-topic"),
      (["pub", "-m", "{{rand 2 1}}"], "-m '{{rand 2 1}}': byte 1"),
      (["pub", "--size", "9-3"], "--size: '9-3': 9 is above 3"),
      (["pub", "--size", "1:0"], "'1:0'"), (["pubsub", "--size", "23"], "24 bytes"),
      (["pub", "--clients", "2", "-i", "x"], "put %c into it"),
      (["pub", "--clients", "1048577"], "1 to 1048576"),
      (["pub", "--publishers", "2"], "pub has --clients"),
      (["pub", "--shard", "3/2"], "--shard: '3/2'"), (["pub", "--shard", "1/2"], "shared out"),
      (["pub", "--scenario", "/dev/null"], "/dev/null: there is no phase"),
      (["pub", "--scenario", "FILE"], "line 2"),
      (["pub", "--scenario", "FILE", "--rate", "1"], "--rate"),
      (["pub", "--scenario", "/dev/null", "--clients", "2"], "--clients does not go"),
      (["pub", "--scenario", "YEARS"], "line 2: all phases together are longer than a year"),
      (["pub", "--scenario", "CRLF", "-i", "x"], "-i: 5 clients cannot have the same identifier"),
      (["rr", "--clients", "4", "--shard", "2/2"], "--shard: 1 answering clients"),
      (["pub", "--broker-pid", "4194304"], "there is no process 4194304"),
      (["pub", "--json", "FILE", "--csv", "SAME"], "--json and --csv cannot both be"),
      (
        ["pub", "--payload-file", "FILE", "--hdr", "SAME"],
        "--payload-file and --hdr cannot both be"
      ),
      (["pub", "--json", "FILE", "--client-table", "/nowhere/x"], "/nowhere/x: no such file"),
      (["conn", "--scenario", "RATE"], "--scenario: a rate does not go with conn"),
      (["sub", "--scenario", "RATE"], "--scenario: a rate does not go with sub"),
      (["pub", "--poisson", "--scenario", "CRLF"], "--poisson needs a rate"),
      (["pub", "--client-table", "FILE"], "line 3"),
      (["pub", "--payload-file", "/dev/null"], "no line"),
      (["pub", "-V", "5", "--auth-method", "X", "--auth-cmd", "cat"], "not --auth-cmd"),
      (["rr", "--seal", "FILE"], "--seal and --sign do not go with rr"),
      (["pub", "--json", "/nowhere/x"], "/nowhere/x: no such file"),
    ] as [([String], String)])
  func refused(_ words: [String], _ text: String) throws {
    let (socket, port) = try listeningSocket()
    defer { close(socket) }
    let directory = TemporaryDirectory()
    let bytes = Array("run 1 clients 2\nrun x\nrun,\"\n".utf8)
    let file = try directory.write(bytes, to: "file")
    let files = [
      "FILE": file,
      "SAME": directory.path + "/./file",
      "RATE": try directory.write(Array("a 1 clients 1 rate 5\n".utf8), to: "rate"),
      "YEARS": try directory.write(Array("a 31536000 clients 1 rate 1\nb 1\n".utf8), to: "years"),
      "CRLF": try directory.write(
        Array("\u{feff}warmup 1 clients 2\r\nrun 1 clients 5\r\n".utf8), to: "crlf"),
    ]
    let all = words.map { files[$0] ?? $0 }
    let result = try Program.run(["bench"] + all + ["-h", "127.0.0.1", "-p", "\(port)"])
    #expect(result.ending == .exited(1))
    #expect(result.output.isEmpty)
    #expect(
      result.errors.hasPrefix("apus bench: ") && result.errors.contains(text), "\(result.errors)")
    #expect(result.errors.count { $0 == "\n" } == 1)
    #expect(!isReadable(socket, within: 0), "somebody connected")
    #expect(try Data(contentsOf: URL(filePath: file)) == Data(bytes), "a file is lost")
  }

  @Test("a signal ends the wait for a pipe's other end", arguments: ["--json", "--payload-file"])
  func waitingForPipe(_ option: String) throws {
    let folder = TemporaryDirectory()
    let pipe = folder.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let program = try RunningProgram([Program.apus, "bench", "pub", option, pipe, "-p", "1"])
    try eventually("it waits") { program.catches(SIGINT) && program.isWaiting }
    program.send(SIGINT)
    #expect(try program.wait() == .signaled(SIGINT), "\(program.errorText)")
  }

  /// Ends once it has seen so many messages of a run.
  private static func witness(of count: Int, _ broker: Mosquitto) throws -> RunningProgram {
    try RunningProgram(["mosquitto_sub", "-t", "bench/#", "-C", "\(count)"] + broker.address)
  }

  @Test("a signal ends a run with the report of what was measured") func interrupted() throws {
    let broker = try Mosquitto(logsPackets: false)
    let witness = try Self.witness(of: 150, broker)
    let program = try RunningProgram(
      [Program.apus, "bench", "pubsub", "--rate", "500", "--duration", "60", "--json", "-"]
        + broker.address)
    #expect(try witness.wait(within: 10) == .exited(0))
    program.send(SIGINT)
    let ending = try program.wait(within: 5)
    let report = BenchReport(ending, program.outputSoFar, program.errorText)
    #expect(ending == .signaled(SIGINT), "\(report.errors)")
    #expect(report.messages("sent") ?? 0 > 50)
    // On a busy machine a thread may not come to its last messages.
    #expect(report.messages("lost") == report.messages("unsent"))
    #expect(report["duration_s"] as? Double ?? 99 < 5)
  }

  @Test(
    "a broker that is lost ends the run with a report, or is waited for",
    arguments: ["exit", "wait"])
  func lostBroker(_ what: String) throws {
    let broker = try Mosquitto(logsPackets: false)
    let witness = try Self.witness(of: 50, broker)
    let program = try RunningProgram(
      [
        Program.apus, "bench", "pubsub", "--rate", "500", "--duration", "2", "-q", "1", "--json",
        "-",
      ]
        + ["--on-loss", what, "--reconnect-delay", "0.1"] + broker.address)
    #expect(try witness.wait(within: 10) == .exited(0))
    try broker.kill()
    if what == "wait" { try broker.start() }
    let ending = try program.wait(within: 15)
    let report = BenchReport(ending, program.outputSoFar, program.errorText)
    #expect(ending == .exited(what == "exit" ? 7 : 0), "\(report.errors)")
    #expect(report.messages("sent") ?? 0 > 10)
    #expect((report["errors"] as? [String: Any])?.isEmpty == false)
    if what == "wait" {
      #expect(report.messages("sent") == 1000)
      #expect(report["seconds_lost"] as? Double ?? 0 > 0)
    }
  }

  @Test("-d shows the packets of each client, and why a connection ended") func debugging() throws {
    let broker = try Mosquitto(["allow_anonymous true"], logsPackets: false)
    let result = try Program.run(
      ["bench", "pubsub", "-d", "-i", "b%c", "-q", "1", "--count", "1", "--json", "/dev/null"]
        + broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    let lines = result.errors.split(separator: "\n").map { String($0) }
    let publisher = lines.filter { $0.hasPrefix("Client b0 ") }
    let subscriber = lines.filter { $0.hasPrefix("Client b1 ") }
    #expect(publisher.count + subscriber.count == lines.count, "\(result.errors)")
    #expect(
      publisher == [
        "Client b0 sending CONNECT", "Client b0 received CONNACK (0)",
        "Client b0 sending PUBLISH (d0, q1, r0, m1, 'bench/0', ... (64 bytes))",
        "Client b0 received PUBACK (Mid: 1, RC:0)", "Client b0 sending DISCONNECT",
      ])
    #expect(
      subscriber == [
        "Client b1 sending CONNECT", "Client b1 received CONNACK (0)",
        "Client b1 sending SUBSCRIBE (Mid: 1, Topic: bench/+, QoS: 1, Options: 0x00)",
        "Client b1 received SUBACK (Mid: 1): 1",
        "Client b1 received PUBLISH (d0, q1, r0, m1, 'bench/0', ... (64 bytes))",
        "Client b1 sending PUBACK (Mid: 1, RC:0)", "Client b1 sending DISCONNECT",
      ])
    let closed = try Mosquitto(["allow_anonymous false"], logsPackets: false)
    let refused = try Program.run(
      ["bench", "pub", "-d", "-i", "b%c", "--count", "1"] + closed.address)
    #expect(refused.ending == .exited(5))
    #expect(refused.errors.contains("Client b0 received CONNACK (5)\nClient b0: "))
    let port = try freePort()
    let nobody = try Program.run(
      ["bench", "conn", "-d", "-i", "b%c", "--clients", "2", "--duration", "0.1"]
        + ["-h", "127.0.0.1", "-p", "\(port)"])
    for client in ["b0", "b1"] {
      #expect(nobody.errors.contains("Client \(client): "), "\(nobody.errors)")
    }
  }

  @Test(
    "messages above the server's limit are errors, and the others go on",
    arguments: [[], ["--rate", "500"]])
  func tooLarge(_ pace: [String]) throws {
    let broker = try Mosquitto(["allow_anonymous true", "max_packet_size 500"], logsPackets: false)
    let result = try BenchReport.run(
      ["pub", "-V", "5", "-q", "1", "--size", "100:1,600:1", "--count", "100"] + pace
        + broker.address)
    #expect(result.ending == .exited(25), "\(result.errors)")
    let sent = try #require(result.messages("sent"))
    let errors = result["errors"] as? [String: Int]
    #expect(errors == ["a message was above the server's limit of 500 bytes": 100 - sent])
    #expect(sent > 0 && sent < 100)
    #expect(result.messages("acked") == sent)
  }

  @Test("a server that is not there") func unreachable() throws {
    let port = try freePort()
    let result = try Program.run(["bench", "pub", "-h", "127.0.0.1", "-p", "\(port)"])
    #expect(result.ending == .exited(1))
    #expect(result.errors.contains("127.0.0.1:\(port)") && result.errors.contains("refused"))
  }

  @Test("an error names the server of the client that met it") func whoseServer() throws {
    // Perhaps nobody comes there before the other one has refused.
    let good = try ScriptedBroker { broker in
      guard let connection = try? broker.accept() else { return }
      _ = try? connection.handshake()
      connection.discard()
    }
    let bad = try ScriptedBroker { broker in
      let connection = try broker.accept()
      _ = try connection.handshake(ConnAck(code: 5))
      connection.discard()
    }
    let servers = "127.0.0.1:\(good.port),127.0.0.1:\(bad.port)"
    let result = try Program.run(
      ["bench", "pub", "--clients", "2", "--count", "2", "-h", servers])
    #expect(result.ending == .exited(5))
    #expect(
      result.errors.contains("127.0.0.1:\(bad.port): connection refused by the server"),
      "\(result.errors)")
    try bad.finish()
  }

  @Test("-c keeps the clients' sessions in MQTT 5, too") func keptSessions() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      let connect = try connection.handshake()
      connection.discard()
      guard !connect.cleanStart, connect.properties.number(.sessionExpiryInterval) == .max else {
        throw TimedOut(description: "CONNECT asks for no session: \(connect)")
      }
    }
    let words = ["conn", "-V", "5", "-c", "-i", "b%c", "--duration", "0.1"]
    let result = try Program.run(["bench"] + words + broker.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    try broker.finish()
  }
}
