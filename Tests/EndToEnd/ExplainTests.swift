import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// `apus tls`, and `--explain`.
@Suite("What a connection shows", .ownThread) struct ExplainTests {
  private static func explain(
    _ words: [String], _ command: [String] = ["tls"]
  ) throws -> (ending: Ending, output: String, errors: String) {
    let program = try RunningProgram(
      [Program.apus] + command + words, environment: Secure.noEnvironment)
    let ending = try program.wait()
    return (ending, program.outputText, program.errorText)
  }

  /// A line with this name and value, whatever the space between.
  private static func has(_ output: String, _ name: String, _ value: String) -> Bool {
    output.split(separator: "\n").contains { line in
      if value.isEmpty { return line.hasPrefix(name + " ") }
      return line.hasPrefix(name + " ")
        && line.dropFirst(name.count).drop { $0 == " " }.contains(value)
    }
  }

  @Test("a good connection over TLS: certificates, checks, limits", arguments: ["tls", "sub"])
  func good(_ command: String) throws {
    let made = try Secure.certificates.get()
    let broker = try Mosquitto(
      made.listener("server") + ["max_inflight_messages 7", "max_keepalive 33"])
    let words =
      ["-h", "localhost", "-p", String(broker.port), "--cafile", made.file("ca.pem")]
      + ["--tls-alpn", "mqtt", "-k", "600", "-V", "5"]
    let result = try Self.explain(
      words, command == "tls" ? ["tls"] : ["sub", "--explain", "-t", "a"])
    #expect(result.ending == .exited(0), "\(result.errors)")
    let rows = [
      ("Server", "localhost:\(broker.port)"), ("TLS", "TLSv1.3, TLS_"),
      ("Certificate 1", "CN=server"), ("  issued by", "O=Apus, CN=Test CA"),
      ("  for", "localhost, 127.0.0.1"), ("  valid", " days left)"),
      ("  pin", try Self.pin(of: made.file("server.pem"))),
      ("Check of trust", "passed: the chain ends at 'O=Apus, CN=Test CA'"),
      ("Check of dates", "passed"), ("Check of host", "passed: it is for localhost"),
      ("Check of revocation", "not checked: no --crl"),
      ("Check of OCSP", "not checked: the server sends no response"),
      ("Check of pin", "not checked"), ("Resumption", ""), ("CONNACK", "accepted"),
      ("MQTT", "5.0"), ("Receive maximum", "7"), ("Keep alive", "33 s (by the server)"),
      ("Maximum QoS", "2"), ("Topic alias maximum", "10"), ("Retained messages", "available"),
      ("Client identifier", "(assigned by the server)"),
    ]
    for (name, value) in rows {
      #expect(Self.has(result.output, name, value), "\(name): \(value) in \(result.output)")
    }
    #expect(!broker.log.contains("SUBSCRIBE") && !broker.log.contains("PUBLISH"))
    try broker.waitForLog("Received DISCONNECT")
  }

  private static func pin(of certificate: String) throws -> String {
    let made = try RunningProgram([
      "sh", "-c",
      "openssl x509 -in \"$0\" -noout -pubkey | openssl pkey -pubin -outform DER"
        + " | openssl dgst -sha256 -binary | base64",
      certificate,
    ])
    try made.wait()
    return "sha256//" + made.outputText.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @Test("a bad certificate is shown all the same, with every check that failed") func bad() throws {
    let made = try Certificates("\u{1b}[31mRed")
    try made.issue(
      "server", "subjectAltName=DNS:other.example", from: "20200101000000Z", to: "20210101000000Z")
    let broker = try Mosquitto(made.listener("server"))
    let stranger = try Secure.certificates.get()
    let result = try Self.explain(
      ["-h", "localhost", "-p", String(broker.port), "--cafile", stranger.file("ca.pem")])
    #expect(result.ending == .exited(1))
    expectOneLine(result.errors, from: "tls")
    for (name, value) in [
      ("TLS", "not finished"), ("Certificate 1", "CN=server"), ("  valid", "(it is over)"),
      ("Check of trust", "FAILED: "), ("Check of dates", "FAILED: "),
      ("Check of host", "FAILED: the certificate is for other.example, not for localhost"),
    ] {
      #expect(Self.has(result.output, name, value), "\(name): \(value) in \(result.output)")
    }
    #expect(!result.output.contains("\u{1b}") && !result.output.contains("CONNACK"))
    #expect(!broker.log.contains("New client connected"))
    // Unchecked, it connects, and says what was left out.
    let insecure = try Self.explain(
      ["-h", "localhost", "-p", String(broker.port), "--insecure"])
    #expect(insecure.ending == .exited(0), "\(insecure.errors)")
    #expect(Self.has(insecure.output, "Check of trust", "not checked: --insecure"))
    #expect(Self.has(insecure.output, "CONNACK", "accepted"))
  }

  /// The lines of `--json`.
  private static func objects(_ output: String) throws -> [[String: Any]] {
    try output.split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  /// Members that are objects, at the end of a way.
  private static func at(_ object: [String: Any], _ way: String...) -> Any? {
    var value: Any? = object
    for name in way { value = (value as? [String: Any])?[name] }
    return value is NSNull ? nil : value
  }

  @Test("as JSON, of a server that is refused and of one that is fine") func json() throws {
    let made = try Secure.certificates.get()
    let bad = try Mosquitto(made.listener("elsewhere"))
    let good = try Mosquitto(made.listener("server") + ["max_inflight_messages 7"])
    let began = Date()
    let result = try Self.explain(
      ["--json", "--cafile", made.file("ca.pem"), "--tls-alpn", "mqtt", "-k", "600"]
        + ["-h", [bad, good].map { "localhost:\($0.port)" }.joined(separator: ",")])
    #expect(result.ending == .exited(0), "\(result.errors)")
    let objects = try Self.objects(result.output)
    try #require(objects.count == 2, "\(result.output)")
    #expect(Self.at(objects[0], "address") as? String == "localhost:\(bad.port)")
    #expect(Self.at(objects[0], "verification", "result") as? String == "failed")
    let reason = Self.at(objects[0], "verification", "reason") as? String
    #expect(reason?.contains("not for localhost") == true)
    #expect(Self.at(objects[0], "protocol") == nil && Self.at(objects[0], "connack") == nil)
    let answer = objects[1]
    #expect(Self.at(answer, "address") as? String == "localhost:\(good.port)")
    #expect(Self.at(answer, "protocol") as? String == "TLSv1.3")
    #expect((Self.at(answer, "cipher") as? String)?.hasPrefix("TLS_") == true)
    #expect(Self.at(answer, "resumed") as? Bool == false)
    #expect(Self.at(answer, "error") == nil && Self.at(answer, "tls") as? Bool == true)
    #expect(Self.at(answer, "verification", "result") as? String == "passed")
    #expect(Self.at(answer, "ocsp", "result") as? String == "skipped")
    #expect(Self.at(answer, "connack", "receive_maximum") as? Int == 7)
    #expect(Self.at(answer, "connack", "maximum_packet_size") == nil)
    #expect(Self.at(answer, "connack", "retain_available") as? Bool == true)
    #expect(Self.at(answer, "connack", "keep_alive") as? Int == 600)
    let checks = answer["checks"] as? [[String: Any]] ?? []
    #expect(
      checks.map { $0["name"] as? String }
        == ["trust", "dates", "host", "revocation", "ocsp", "pin"])
    let chain = try #require(answer["chain"] as? [[String: Any]])
    #expect(chain[0]["subject"] as? String == "CN=server")
    #expect(chain[0]["issuer"] as? String == "O=Apus, CN=Test CA")
    #expect(chain[0]["names"] as? [String] == ["localhost", "127.0.0.1"])
    #expect(chain[0]["pin"] as? String == (try Self.pin(of: made.file("server.pem"))))
    let left = try #require(chain[0]["days_left"] as? Int)
    let dates = try ["not_before", "not_after"].map { name in
      try #require(ISO8601DateFormatter().date(from: chain[0][name] as? String ?? ""))
    }
    let days = [began, Date()].map { Int(dates[1].timeIntervalSince($0) / 86_400) }
    #expect(dates[0] <= Date() && days.contains(left))
  }

  @Test("as JSON without TLS, of a refusal, and of nobody; nothing acts on a terminal")
  func plainJSON() throws {
    let broker = try Mosquitto()
    let plain = try Self.explain(["--json", "-V", "311"] + broker.address)
    #expect(plain.ending == .exited(0), "\(plain.errors)")
    let object = try #require(try Self.objects(plain.output).first)
    #expect(Self.at(object, "tls") as? Bool == false && Self.at(object, "verification") == nil)
    #expect(Self.at(object, "connack", "accepted") as? Bool == true)
    #expect(Self.at(object, "connack", "mqtt") as? String == "3.1.1")
    #expect(Self.at(object, "connack", "maximum_qos") == nil)
    var connAck = ConnAck(code: 0x87)
    connAck.properties.set(Property(.reasonString, try UTF8String(Array("no \u{85}31mway".utf8))))
    let refusing = try ServersTests.refusing([connAck], .v5)
    let refused = try Self.explain(["--json"] + refusing.address)
    #expect(refused.ending == .exited(0x87))
    #expect(!refused.output.unicodeScalars.contains("\u{85}"))
    let answer = try #require(try Self.objects(refused.output).first)
    #expect(Self.at(answer, "connack", "code") as? Int == 0x87)
    #expect(Self.at(answer, "connack", "reason_string") as? String == "no \u{85}31mway")
    #expect((Self.at(answer, "error") as? String).map { refused.errors.contains($0) } == true)
    let nobody = try Self.explain(["--json", "-h", "127.0.0.1", "-p", String(try freePort())])
    #expect(nobody.ending == .exited(1))
    let nothing = try #require(try Self.objects(nobody.output).first)
    #expect(Self.at(nothing, "connack") == nil)
    #expect((Self.at(nothing, "error") as? String).map { nobody.errors.contains($0) } == true)
  }

  @Test("plain TCP and a version that tells nothing", arguments: ["311", "5"])
  func plain(_ version: String) throws {
    let broker = try Mosquitto()
    let result = try Self.explain(broker.address + ["-V", version, "-i", "me"])
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(Self.has(result.output, "TLS", "none: not encrypted"))
    #expect(Self.has(result.output, "CONNACK", "accepted"))
    #expect(Self.has(result.output, "Client identifier", "me"))
    #expect(Self.has(result.output, version == "5" ? "Maximum QoS" : "Limits", ""))
  }

  @Test("a refusal is shown with what the server says, escaped") func refused() throws {
    var connAck = ConnAck(code: 0x87)
    connAck.properties.set(Property(.reasonString, try UTF8String(Array("no \u{85}31mway".utf8))))
    connAck.properties.set(Property(.serverReference, UTF8String("b:1")))
    let broker = try ServersTests.refusing([connAck], .v5)
    let result = try Self.explain(broker.address)
    #expect(result.ending == .exited(0x87))
    expectOneLine(result.errors, from: "tls")
    #expect(Self.has(result.output, "CONNACK", "refused: Not authorized (135)"))
    #expect(Self.has(result.output, "Reason", "no \\u{85}31mway"))
    #expect(Self.has(result.output, "Server reference", "b:1"))
  }

  @Test("nobody there, and no TLS there") func nobody() throws {
    let closed = try Self.explain(["-h", "127.0.0.1", "-p", String(try freePort())])
    #expect(closed.ending == .exited(1))
    expectOneLine(closed.errors, from: "tls")
    let broker = try Mosquitto()
    let plain = try Self.explain(broker.address + ["--tls"])
    #expect(plain.ending == .exited(1))
    #expect(Self.has(plain.output, "TLS", "not finished"))
    expectOneLine(plain.errors, from: "tls")
    #expect(plain.errors.contains("speak TLS"))
  }

  @Test("each server that is tried is shown") func several() throws {
    let made = try Secure.certificates.get()
    let brokers = [
      try Mosquitto(made.listener("elsewhere")), try Mosquitto(made.listener("server")),
    ]
    let result = try Self.explain(
      ["--cafile", made.file("ca.pem")]
        + ["-h", brokers.map { "localhost:\($0.port)" }.joined(separator: ",")])
    #expect(result.ending == .exited(0), "\(result.errors)")
    for broker in brokers {
      #expect(Self.has(result.output, "Server", "localhost:\(broker.port)"))
    }
    #expect(Self.has(result.output, "Check of host", "FAILED"))
    #expect(Self.has(result.output, "CONNACK", "accepted"))
  }

  @Test("a pin, and a pre-shared key") func keys() throws {
    let made = try Secure.certificates.get()
    let broker = try Secure.Way.tls.broker
    let pin = try Self.pin(of: made.file("server.pem"))
    let words = try broker.address + Secure.Way.tls.words
    let right = try Self.explain(words + ["--pin", pin])
    #expect(right.ending == .exited(0) && Self.has(right.output, "Check of pin", "passed"))
    let other = "sha256//" + String(repeating: "A", count: 43) + "="
    let wrong = try Self.explain(words + ["--pin", other])
    #expect(wrong.ending == .exited(1))
    #expect(Self.has(wrong.output, "Check of pin", "FAILED: the server's key is \(pin)"))
    let psk = try Self.explain(try Secure.Way.psk.broker.address + Secure.psk)
    #expect(psk.ending == .exited(0), "\(psk.errors)")
    #expect(Self.has(psk.output, "Check of key", "passed: the server has the key of 'me'"))
    #expect(!psk.output.contains("0123456789abcdef"))
  }
}
