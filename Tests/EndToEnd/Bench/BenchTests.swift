import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// `apus bench` against a real broker.
@Suite("Bench") struct BenchTests {
  private static func config(_ more: String...) -> [String] {
    ["allow_anonymous true", "set_tcp_nodelay true", "max_queued_messages 0"] + more
  }

  @Test("pub: every message is sent and acknowledged", arguments: ["0", "1", "2"])
  func publishing(_ qos: String) throws {
    let broker = try Mosquitto(Self.config(), logsPackets: false)
    let report = try BenchReport.run(
      ["pub", "--clients", "3", "--count", "1000", "-q", qos] + broker.address)
    #expect(report.ending == .exited(0), "\(report.errors)")
    #expect(report.messages("sent") == 1000)
    #expect(report.messages("acked") == (qos == "0" ? 0 : 1000))
    #expect(report.count("ack") == (qos == "0" ? 0 : 1000))
    #expect(report.count("connack") == 3)
  }

  @Test(
    "pubsub: each subscriber gets each message once, at any QoS and version",
    arguments: [("0", "5"), ("1", "311"), ("2", "31")])
  func delivering(_ qos: String, _ version: String) throws {
    let broker = try Mosquitto(Self.config(), logsPackets: false)
    let report = try BenchReport.run(
      ["pubsub", "--publishers", "3", "--subscribers", "2", "--count", "600", "--rate", "2000"]
        + ["-q", qos, "-V", version, "-i", "b%c"] + broker.address)
    #expect(report.ending == .exited(0), "\(report.errors)")
    #expect(report.messages("sent") == 600)
    #expect(report.messages("received") == 1200)
    #expect(report.count("delivery") == 1200)
    #expect(report.count("suback") == 2)
    for name in ["lost", "duplicates", "reordered", "corrupted"] {
      #expect(report.messages(name) == 0, "\(name)")
    }
  }

  @Test(
    "pairs, shared subscriptions and topics that change: who gets what",
    arguments: [
      (["--filter", "bench/%c"], 300), (["--filter", "$share/g/bench/+"], 300),
      (["-t", "x/%c/%i"], 1200), (["-t", "x/{{rand 1 9}}", "-m", "%c: %i"], 1200),
    ] as [([String], Int)])
  func routes(_ words: [String], _ received: Int) throws {
    let broker = try Mosquitto(Self.config(), logsPackets: false)
    let report = try BenchReport.run(
      ["pubsub", "--clients", "4", "--count", "300", "--rate", "1000", "--poisson", "-q", "1"]
        + words + broker.address)
    #expect(report.ending == .exited(0), "\(report.errors)")
    #expect(report.messages("received") == received)
    #expect(report.messages("lost") == 0)
  }

  @Test("rr: round trips, each of them answered") func roundTrips() throws {
    let broker = try Mosquitto(Self.config(), logsPackets: false)
    let report = try BenchReport.run(
      ["rr", "--clients", "3", "--subscribers", "2", "--count", "90", "-V", "5"] + broker.address)
    #expect(report.ending == .exited(0), "\(report.errors)")
    #expect(report.messages("sent") == 90)
    #expect(report.messages("received") == 90)
    #expect(report.messages("lost") == 0)
  }

  @Test("rr: clients that ask on one topic get their own answers", arguments: ["311", "5"])
  func oneTopic(_ version: String) throws {
    let broker = try Mosquitto(Self.config(), logsPackets: false)
    let report = try BenchReport.run(
      ["rr", "--clients", "3", "--count", "60", "-t", "svc", "-V", version] + broker.address)
    #expect(report.ending == .exited(0), "\(report.errors)")
    #expect(report.messages("received") == 60)
    #expect(report.count("delivery") == 60)
    #expect(report.messages("lost") == 0)
  }

  @Test(
    "rr: with MQTT 5 any service is measured that answers on the response topic",
    arguments: [
      ("cat", []), ("cat", ["-m", "x%i"]), ("wc -c", ["-m", "x"]), ("cat", ["--size", "8"]),
    ]
      as [(String, [String])])
  func service(_ command: String, _ words: [String]) throws {
    let broker = try Mosquitto(Self.config(), logsPackets: false)
    let server = try RunningProgram(
      [Program.apus, "rr", "--serve", "-t", "svc/+", "--exec", command] + broker.address)
    try broker.waitForLog("svc/+")
    let report = try BenchReport.run(
      ["rr", "-V", "5", "-q", "1", "--clients", "2", "--subscribers", "0", "-t", "svc/%i"]
        + ["--count", "20", "--rate", "200"] + words + broker.address)
    #expect(report.ending == .exited(0), "\(report.errors) \(server.errorText)")
    #expect(report.messages("sent") == 20)
    #expect(report.messages("received") == 20)
    #expect(report.count("delivery") == 20)
    for name in ["lost", "duplicates", "corrupted"] {
      #expect(report.messages(name) == 0, "\(name)")
    }
    #expect(server.errorText.isEmpty)
  }

  @Test("conn: connections are made, held and ended in order") func connecting() throws {
    let broker = try Mosquitto(Self.config(), logsPackets: false)
    let report = try BenchReport.run(
      ["conn", "--clients", "200", "--ramp", "0.2", "--duration", "0.2"] + broker.address)
    #expect(report.ending == .exited(0), "\(report.errors)")
    #expect(report["connections"] as? Int == 200 || report.count("connack") == 200)
    #expect(!broker.log.contains("socket error") && !broker.log.contains("exceeded timeout"))
  }

  @Test("sub: what another process publishes is counted by its header") func listening() throws {
    let broker = try Mosquitto(Self.config(), logsPackets: false)
    let subscriber = try RunningProgram(
      [Program.apus, "bench", "sub", "-t", "bench/#", "--count", "400", "--json", "-"]
        + broker.address)
    try broker.waitForLog("bench/#")
    let publisher = try BenchReport.run(
      ["pub", "--clients", "2", "--count", "400", "--rate", "2000"] + broker.address)
    #expect(publisher.messages("sent") == 400)
    let ending = try subscriber.wait()
    let report = BenchReport(ending, subscriber.outputSoFar, subscriber.errorText)
    #expect(report.messages("received") == 400, "\(report.errors)")
    #expect(report.messages("lost") == 0)
    #expect(report.count("delivery") == 400)
  }

  @Test("warm-up and ramp do not count") func warmUp() throws {
    let broker = try Mosquitto(Self.config(), logsPackets: false)
    let report = try BenchReport.run(
      ["pubsub", "--clients", "2", "--rate", "200", "--ramp", "0.3", "--warmup", "0.3"]
        + ["--duration", "0.5"] + broker.address)
    #expect(report.messages("sent") == 100, "\(report.errors)")
    #expect(report.messages("received") == 200)
    #expect(report.messages("lost") == 0)
  }

  @Test("sealed payloads are opened by those who have the key, and damaged for others")
  func sealed() throws {
    let broker = try Mosquitto(Self.config(), logsPackets: false)
    let key = broker.directory.path + "/key"
    let other = broker.directory.path + "/other"
    for path in [key, other] {
      _ = try Program.run(["key", "new", "--type", "aes-256-gcm", path])
    }
    let load = ["pubsub", "--publishers", "2", "--subscribers", "3", "--count", "100"]
    for version in ["311", "5"] {
      let report = try BenchReport.run(
        load + ["-V", version, "--seal", key, "--open", key] + broker.address)
      #expect(report.ending == .exited(0), "\(report.errors)")
      #expect(report.messages("received") == 300)
      #expect(report.messages("lost") == 0)
      let wrong = try BenchReport.run(
        load + ["-V", version, "--seal", key, "--open", other] + broker.address)
      #expect(wrong.messages("received") == 0, "\(wrong.errors)")
      #expect(wrong.messages("corrupted") == 300)
      #expect(wrong.messages("lost") == 0)
    }
  }

  @Test("keys may come through pipes, which give them once") func pipedKeys() throws {
    let broker = try Mosquitto(Self.config(), logsPackets: false)
    let key = broker.directory.path + "/key"
    _ = try Program.run(["key", "new", "--type", "aes-256-gcm", key])
    let program = try RunningProgram(
      [
        "bash", "-c", "\"$0\" bench \"${@:2}\" --seal <(cat \"$1\") --open <(cat \"$1\")",
        Program.apus, key, "pubsub", "--publishers", "2", "--subscribers", "3", "--threads", "3",
        "--count", "100", "--json", "-",
      ] + broker.address)
    let ending = try program.wait()
    let report = BenchReport(ending, program.outputSoFar, program.errorText)
    #expect(report.ending == .exited(0), "\(report.errors)")
    #expect(report.messages("received") == 300)
    #expect(report.messages("corrupted") == 0)
  }

  @Test("what the broker says of itself is in the report") func brokerValues() throws {
    let broker = try Mosquitto(Self.config("sys_interval 1"), logsPackets: false)
    let report = try BenchReport.run(
      ["pub", "--rate", "10", "--duration", "0.3", "--broker-sys"] + broker.address)
    #expect(report.ending == .exited(0), "\(report.errors)")
    let version = report["broker_sys", "$SYS/broker/version"] as? String
    #expect(version?.hasPrefix("mosquitto version ") == true)
    #expect(report.messages("sent") == 3)
    let silent = try Mosquitto(Self.config("acl_file DIR/acl"), named: ["acl": "topic bench/#\n"])
    let denied = try BenchReport.run(
      ["pub", "--count", "3", "--broker-sys", "-V", "5"] + silent.address)
    #expect(denied.ending == .exited(0), "\(denied.errors)")
    #expect(denied["broker_sys"] == nil)
  }

  @Test("a retained load stays; a password may come from a file") func retained() throws {
    let directory = TemporaryDirectory()
    let passwords = directory.file("passwords")
    try Mosquitto.passwords(["me": "geheim"], in: passwords)
    let broker = try Mosquitto(
      ["allow_anonymous false", "password_file \(passwords)"], logsPackets: false)
    let file = try directory.write(Array("geheim\n".utf8), to: "secret")
    #expect(chmod(file, 0o600) == 0)
    let report = try BenchReport.run(
      ["pub", "--count", "1", "-r", "-q", "1", "-t", "kept", "-m", "%i", "-u", "me"]
        + ["--pw-file", file] + broker.address)
    #expect(report.ending == .exited(0), "\(report.errors)")
    let result = try Program.run(
      ["sub", "-t", "kept", "-C", "1", "-W", "5", "-F", "%r %l", "-u", "me", "-P", "geheim"]
        + broker.address)
    #expect(result.output == Array("1 25\n".utf8), "\(result.errors)")
  }

  @Test("a rate is held to the end of the time, and by a count of the whole run")
  func heldRate() throws {
    let broker = try Mosquitto(Self.config(), logsPackets: false)
    let slow = try BenchReport.run(
      ["pub", "--clients", "4", "--rate", "4", "--duration", "1"] + broker.address)
    #expect(slow["duration_s"] as? Double == 1, "\(slow.errors)")
    #expect(slow.messages("sent") == 4)
    let counted = try BenchReport.run(
      ["pub", "--clients", "100", "--count", "300", "--rate", "600", "--poisson"] + broker.address)
    #expect(counted.messages("sent") == 300, "\(counted.errors)")
    let seconds = try #require(counted["duration_s"] as? Double)
    #expect(seconds < 1, "one of the clients had more than its chance")
  }

  @Test("the exit status tells when not everything was done") func statuses() throws {
    let closed = try Program.run(
      ["bench", "conn", "--clients", "2", "--duration", "0.1", "-h", "127.0.0.1", "-p", "1"])
    #expect(closed.ending == .exited(1))
    #expect(closed.errors.contains("connection refused"), "\(closed.errors)")
    let broker = try Mosquitto(
      Self.config("acl_file DIR/acl"), named: ["acl": "topic read #\n"])
    let refused = try Program.run(
      ["bench", "pub", "--count", "3", "-q", "1", "-V", "5"] + broker.address)
    #expect(refused.ending == .exited(135), "\(refused.errors)")
    let nobody = try Program.run(
      ["bench", "pubsub", "--count", "3", "--filter", "nix/#", "--expect", "loss=0"]
        + broker.address)
    #expect(nobody.ending == .exited(99))
  }

  @Test("reports are written though nobody takes standard output") func closedOutput() throws {
    let broker = try Mosquitto(Self.config(), logsPackets: false)
    let file = broker.directory.path + "/report.json"
    let result = try Program.run(
      ["bench", "pub", "--count", "5", "--csv", "/dev/full", "--json", file] + broker.address)
    #expect(result.ending == .exited(74))
    let report = try String(contentsOfFile: file, encoding: .utf8)
    #expect(report.contains("\"sent\": 5"))
    let merged = try Program.run(["bench", "merge", file, file])
    #expect(merged.ending == .exited(1))
    #expect(merged.errors.contains("the same part would count twice"), "\(merged.errors)")
  }

  @Test("a scenario: clients come and go, the rate follows") func scenario() throws {
    let broker = try Mosquitto(Self.config(), logsPackets: false)
    let file = try broker.directory.write(
      Array(
        "warmup 0.2 clients 1..4 rate 100\nhold 0.4 clients 4\nspike 0.2 rate 500\nend 0.2 clients 1 rate 100"
          .utf8),
      to: "scenario")
    let report = try BenchReport.run(
      ["pubsub", "--scenario", file, "--subscribers", "1"] + broker.address)
    #expect(report.ending == .exited(0), "\(report.errors)")
    #expect(report.messages("sent") == 40 + 100 + 20)
    #expect(report.messages("received") == 160)
  }

  @Test("clients log in as the table says") func table() throws {
    let directory = TemporaryDirectory()
    let passwords = directory.file("passwords")
    try Mosquitto.passwords(["u1": "p1", "u2": "p,2"], in: passwords)
    let broker = try Mosquitto(["allow_anonymous false", "password_file \(passwords)"])
    let table = try directory.write(Array("one,u1,p1\ntwo,u2,\"p,2\"\n".utf8), to: "table")
    let report = try BenchReport.run(
      ["pub", "--clients", "2", "--count", "10", "-q", "1", "--client-table", table]
        + broker.address)
    #expect(report.messages("acked") == 10, "\(report.errors)")
    #expect(broker.log.contains("as one") && broker.log.contains("as two"))
    let refused = try BenchReport.run(["pub", "--count", "10"] + broker.address)
    #expect(refused.ending == .exited(5))
    #expect(refused.errors.contains("connection refused by the server: not authorised"))
  }

  @Test("shards share clients and messages out, under different names and topics") func shards()
    throws
  {
    let broker = try Mosquitto(Self.config())
    var sent = 0
    for part in 1...2 {
      let report = try BenchReport.run(
        ["pubsub", "--clients", "3", "--count", "31", "-i", "c%c", "--shard", "\(part)/2"]
          + broker.address)
      #expect(report.ending == .exited(0), "\(report.errors)")
      #expect(report.messages("lost") == 0)
      sent += report.messages("sent") ?? 0
    }
    #expect(sent == 31)
    for number in 0..<6 { #expect(broker.log.contains("as c\(number) ")) }
    #expect(broker.log.contains("bench/1/0") && broker.log.contains("bench/2/2"))
  }

  @Test("over TLS and WebSocket", arguments: [["--tls"], ["--ws"]]) func layers(_ words: [String])
    throws
  {
    let certificates = try Certificates()
    try certificates.issue("server", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    let isTLS = words == ["--tls"]
    let other = try freePort()
    let broker = try Mosquitto(
      isTLS
        ? certificates.listener("server")
        : Self.config("listener \(other) 127.0.0.1", "protocol websockets"),
      logsPackets: false)
    let port = isTLS ? broker.port : other
    let report = try BenchReport.run(
      ["pubsub", "--clients", "3", "--count", "300", "-q", "1", "--rate", "1000"] + words
        + (isTLS ? ["--cafile", certificates.file("ca.pem")] : []) + [
          "-h", "127.0.0.1", "-p", String(port),
        ])
    #expect(report.ending == .exited(0), "\(report.errors)")
    #expect(report.messages("received") == 900)
    #expect(report.messages("lost") == 0)
    #expect(report.count("tls") == (isTLS ? 6 : 0))
  }
}
