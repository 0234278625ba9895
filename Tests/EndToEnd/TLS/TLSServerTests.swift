import Foundation
import TestSupport
import Testing

/// OpenSSL's own server as the other end: it speaks TLS as told, and MQTT not at all.
private struct TLSServer {
  let program: RunningProgram
  let port: String

  init(_ words: [String]) throws {
    let made = try Secure.certificates.get()
    program = try RunningProgram(
      ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", made.file("server.pem"), "-key"]
        + [made.file("key.pem")] + words, input: .open)
    try program.waitForOutput("ACCEPT 127.0.0.1:")
    let line = program.outputText.split(separator: "\n").first { $0.hasPrefix("ACCEPT ") } ?? ""
    port = String(line.split(separator: ":").last ?? "")
    // CONNACK, once somebody is there.
    program.write(" \u{2}\0\0")
  }

  static func start(_ line: String) throws -> TLSServer {
    let made = try Secure.certificates.get()
    return try TLSServer(
      line.split(separator: " ").map {
        $0.hasPrefix("@") ? made.file(String($0.dropFirst())) : String($0)
      })
  }

  func publish(_ words: [String]) throws -> RunningProgram {
    try RunningProgram(
      [Program.apus, "pub", "-h", "localhost", "-p", port, "-t", "a", "-m", "the payload"] + words,
      environment: Secure.noEnvironment)
  }
}

@Suite("TLS servers of many kinds") struct TLSServerTests {
  @Test(
    "versions, ciphers, protocols and keys that fit",
    arguments: [
      ("-tls1_2", ""), ("-tls1_3", ""), ("-tls1_3", "--tls-version tlsv1.3"),
      ("-tls1_2", "--ciphers ECDHE-ECDSA-AES128-GCM-SHA256"),
      ("-tls1_3", "--ciphers TLS_CHACHA20_POLY1305_SHA256"),
      ("-tls1_3", "--ciphers TLS_AES_128_GCM_SHA256:ECDHE-ECDSA-AES128-GCM-SHA256"),
      ("-alpn mqtt", "--tls-alpn mqtt"),
      ("-servername localhost -servername_fatal -cert2 @server.pem -key2 @key.pem", ""),
    ])
  func fits(_ server: String, _ client: String) throws {
    let server = try TLSServer.start(server)
    let program = try server.publish(try Secure.Way.tls.words + Self.words(client))
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    try server.program.waitForOutput("the payload")
  }

  @Test(
    "and those that don't",
    arguments: [
      ("-tls1_2", "--tls-version tlsv1.3", "protocol version"),
      (
        "-tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384",
        "--ciphers ECDHE-ECDSA-AES128-GCM-SHA256", "handshake failure"
      ),
      ("-alpn other", "--tls-alpn mqtt", "no application protocol"),
      ("-tls1_2 -Verify 1", "", "refused TLS"),
      ("-tls1_3 -Verify 1", "", "certificate required"),
      (
        "-tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384", "--ciphers TLS_AES_128_GCM_SHA256",
        "handshake failure"
      ),
    ])
  func differs(_ server: String, _ client: String, _ text: String) throws {
    let server = try TLSServer.start(server)
    let program = try server.publish(try Secure.Way.tls.words + Self.words(client))
    #expect(try program.wait() == .exited(1))
    expectOneLine(program.errorText, from: "pub")
    #expect(program.errorText.contains(text), "\(program.errorText)")
    #expect(!server.program.outputText.contains("the payload"))
  }

  @Test("pre-shared keys in either version", arguments: ["-tls1_2", "-tls1_3"])
  func key(_ version: String) throws {
    let server = try TLSServer.start("\(version) -nocert -psk 0123456789abcdef -psk_identity me")
    let program = try server.publish(Secure.psk)
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    try server.program.waitForOutput("the payload")
  }

  @Test(
    "a server that shows a certificate where a key was offered is told as such",
    arguments: ["", "-psk 0123456789abcdef -psk_identity you"])
  func keyNotTaken(_ more: String) throws {
    let server = try TLSServer.start("-tls1_3 \(more)")
    let program = try server.publish(Secure.psk)
    #expect(try program.wait() == .exited(1))
    expectOneLine(program.errorText, from: "pub")
    #expect(
      program.errorText.contains("does not take the pre-shared key, and sent a certificate"),
      "\(program.errorText)")
    #expect(program.errorText.contains("check --psk-identity"))
    #expect(!server.program.outputText.contains("the payload"))
  }

  /// What the server sends about its certificate; with --ocsp require; and what is said, if refused.
  struct Stapled: Sendable, CustomTestStringConvertible {
    let name: String
    let certificate: String
    var response: String?
    var isDemanded = false
    var refusal: String?
    var testDescription: String { name + (isDemanded ? ", demanded" : "") }
  }

  static let stapled: [Stapled] = [
    Stapled(name: "none", certificate: "fine"),
    Stapled(
      name: "none", certificate: "fine", isDemanded: true, refusal: "sends no OCSP response"),
    Stapled(name: "good", certificate: "fine", response: "fine"),
    Stapled(name: "good", certificate: "fine", response: "fine", isDemanded: true),
    Stapled(name: "revoked", certificate: "gone", response: "gone", refusal: "has been revoked"),
    Stapled(
      name: "another's", certificate: "gone", response: "fine", refusal: "another certificate"),
    Stapled(
      name: "a stranger's", certificate: "fine", response: "stranger", refusal: "not signed by"),
    Stapled(name: "one of the past", certificate: "fine", response: "past", refusal: "out of date"),
    Stapled(
      name: "of a certificate that nobody knows", certificate: "unknown", response: "unknown",
      refusal: "does not know"),
  ]

  static let authority: Result<Certificates, any Error> = Result {
    let made = try Certificates()
    for name in ["fine", "gone", "unknown"] {
      try made.issue(name, "subjectAltName=DNS:localhost", subject: "/CN=\(name)")
    }
    try made.revoke("gone")
    let index = try String(contentsOfFile: made.file("index.txt"), encoding: .utf8)
    let known = index.split(separator: "\n").filter { !$0.hasSuffix("/CN=unknown") }
    let text = known.joined(separator: "\n") + "\n"
    _ = try made.directory.write(Array(text.utf8), to: "index.txt")
    for name in ["fine", "gone", "unknown"] { try made.respond(name, about: name) }
    try made.respondOnceGood("past", about: "fine")
    try made.respond("stranger", about: "fine", signer: "gone.pem", key: "key.pem")
    return made
  }

  @Test("proof that a certificate is not revoked", arguments: stapled)
  func proof(_ row: Stapled) throws {
    let made = try Self.authority.get()
    let certificate = made.file("\(row.certificate).pem")
    var words = ["-cert", certificate, "-key", made.file("key.pem")]
    if let response = row.response { words += ["-status_file", made.file("\(response).ocsp")] }
    let server = try TLSServer(words)
    let program = try server.publish(
      ["--cafile", made.file("ca.pem")] + (row.isDemanded ? ["--ocsp", "require"] : []))
    #expect(
      try program.wait() == .exited(row.refusal == nil ? 0 : 1), "\(program.errorText)")
    if let refusal = row.refusal {
      expectOneLine(program.errorText, from: "pub")
      #expect(program.errorText.contains(refusal), "\(program.errorText)")
      #expect(!server.program.outputText.contains("the payload"))
    }
  }

  static func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }
}

/// Servers that do not speak TLS, or say nothing.
@Suite("No TLS at the other end") struct NoTLSTests {
  static let answers: [(String, [UInt8], String)] = [
    ("a web server's", Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), "does not speak TLS"),
    ("a broker's", [0x20, 2, 0, 0, 0x20, 2, 0, 0], "does not speak TLS"),
    ("nothing", [], "in the TLS handshake"),
    ("half a record", [0x16, 3, 3, 0x10], "in the TLS handshake"),
    ("an alert", [0x15, 3, 3, 0, 2, 2, 80], "internal error (alert 80)"),
    ("an alert that nobody knows", [0x15, 3, 3, 0, 2, 2, 200], "alert 200"),
    ("a record of the largest length", [0x16, 3, 3, 0xff, 0xff, 0, 0], "TLS"),
  ]

  @Test("is told in one line", arguments: answers)
  func told(_ name: String, _ bytes: [UInt8], _ text: String) throws {
    let server = try ScriptedBroker { broker in
      let connection = try broker.accept()
      connection.send(bytes)
      connection.finishSending()
      connection.discard()
    }
    let program = try RunningProgram(
      [Program.apus, "pub", "-t", "a", "-m", "x"] + server.address + Secure.Way.tls.words)
    #expect(try program.wait() == .exited(1))
    expectOneLine(program.errorText, from: "pub")
    #expect(program.errorText.contains(text), "\(program.errorText)")
  }

  @Test("silence lasts no longer than it may, and signals end it") func silent() throws {
    let server = try ScriptedBroker { broker in
      for _ in 0..<3 { try broker.accept().discard() }
    }
    let words = try ["-t", "a"] + server.address + Secure.Way.tls.words
    for limit in [["--connect-timeout", "1"], ["-W", "1"]] {
      let program = try RunningProgram([Program.apus, "pub", "-m", "x"] + words + limit)
      #expect(try program.wait(within: 5) == .exited(27))
      expectOneLine(program.errorText, from: "pub")
      #expect(program.errorText.contains("no TLS handshake within"), "\(program.errorText)")
    }
    let program = try RunningProgram([Program.apus, "pub", "-m", "x"] + words)
    try eventually("its handler") { program.catches(SIGINT) }
    program.send(SIGINT)
    #expect(try program.wait(within: 5) == .signaled(SIGINT))
  }
}
