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
