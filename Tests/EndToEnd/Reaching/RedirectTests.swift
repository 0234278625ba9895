import MQTTProtocol
import TestSupport
import Testing

/// Server Reference, MQTT 5 §4.11.
@Suite("Server references", .ownThread) struct RedirectTests {
  private static func reference(_ code: UInt8, _ text: String) throws -> ConnAck {
    var connAck = ConnAck(code: code)
    connAck.properties.set(Property(.serverReference, try UTF8String(Array(text.utf8))))
    return connAck
  }

  private static let publish = ["pub", "-V", "5", "-t", "a", "-m", "x", "-q", "1"]

  @Test("are followed when asked, the first that is there", arguments: [0x9c, 0x9d] as [UInt8])
  func follows(_ code: UInt8) throws {
    let broker = try Mosquitto()
    let closed = try freePort()
    let first = try ServersTests.refusing(
      [try Self.reference(code, "127.0.0.1:\(closed) 127.0.0.1:\(broker.port)")], .v5)
    let result = try Program.run(Self.publish + first.address + ["--follow-redirect"])
    #expect(result.ending == .exited(0), "\(result.errors)")
    try broker.waitForLog("Received PUBLISH")
  }

  @Test("are named, and so is the option, when not") func namesOption() throws {
    let first = try ServersTests.refusing([try Self.reference(0x9d, "other.example:1884")], .v5)
    let result = try Program.run(Self.publish + first.address)
    #expect(result.ending == .exited(0x9d))
    expectOneLine(result.errors, from: "pub")
    #expect(
      result.errors.contains("it refers to other.example:1884; --follow-redirect goes there"),
      "\(result.errors)")
  }

  @Test("on and on are followed five times") func loop() throws {
    // Two servers that name each other; the broker accepts as often as it is asked.
    let (one, other) = (try listeningSocket(), try listeningSocket())
    let ports = [one.port, other.port]
    let counts = ["a", "b"].enumerated().map { index, _ in
      ScriptedBroker(socket: index == 0 ? one.socket : other.socket, port: ports[index]) {
        broker in
        for _ in 0..<3 {
          let connection = try broker.accept(.v5)
          try connection.handshake(try Self.reference(0x9c, "127.0.0.1:\(ports[1 - index])"))
          connection.discard()
        }
      }
    }
    let result = try Program.run(
      Self.publish + ["-h", "127.0.0.1", "-p", String(ports[0]), "--follow-redirect"])
    #expect(result.ending == .exited(0x9c), "\(result.errors)")
    #expect(result.errors.contains("6th reference in a row"), "\(result.errors)")
    for broker in counts { try broker.finish() }
  }

  @Test(
    "to the server itself, to nothing, and ill-written ones lead nowhere",
    arguments: ["", "127.0.0.1:0", "a:b:c]", ":"])
  func nowhere(_ text: String) throws {
    let (socket, port) = try listeningSocket()
    let first = ScriptedBroker(socket: socket, port: port) { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake(try Self.reference(0x9c, text.isEmpty ? "127.0.0.1:\(port)" : text))
      connection.discard()
    }
    let result = try Program.run(Self.publish + first.address + ["--follow-redirect"])
    #expect(result.ending == .exited(0x9c) || text == "a:b:c]", "\(result.errors)")
    expectOneLine(result.errors, from: "pub")
  }

  /// Whatever a login is made of, each alone where it can be.
  private static let secrets = [
    ["-u", "me"], ["-u", "me", "-P", "secret"], ["-P", "secret"], ["--pw-env", "APUS_TEST"],
    ["--pw-cmd", "echo secret"], ["-u", "me", "--pw-cmd", "echo secret"],
    ["--auth-method", "SCRAM-SHA-256", "-u", "me", "-P", "secret"],
    ["--auth-method", "M", "--auth-cmd", "while read -r line; do echo c2VjcmV0; done"],
  ]

  @Test("do not get a login over plain TCP unless the command line names their host")
  func login() throws {
    let elsewhere = try Mosquitto()
    for secret in Self.secrets {
      let first = try ServersTests.refusing(
        [try Self.reference(0x9d, "localhost:\(elsewhere.port)")], .v5)
      let program = try RunningProgram(
        [Program.apus] + Self.publish + first.address + ["--follow-redirect"] + secret,
        environment: ["APUS_TEST": "secret"])
      #expect(try program.wait() == .exited(0x9d), "\(secret): \(program.errorText)")
      expectOneLine(program.errorText, from: "pub")
      #expect(program.errorText.contains("that host would get the login"), "\(program.errorText)")
      #expect(!elsewhere.log.contains("New connection"))
    }
    // The same host at another port, and a host that is named, may know it.
    for host in ["127.0.0.1", "LOCALHOST"] {
      let first = try ServersTests.refusing(
        [try Self.reference(0x9d, "\(host):\(elsewhere.port)")], .v5)
      let result = try Program.run(
        Self.publish + ["--follow-redirect", "-u", "me", "-P", "secret"]
          + ["-h", "127.0.0.1:\(first.port),localhost:1"])
      #expect(result.ending == .exited(0), "\(result.errors)")
    }
  }

  @Test(
    "in a DISCONNECT: 0x9C for this time, 0x9D for the rest of the run",
    arguments: [0x9c, 0x9d] as [UInt8])
  func disconnected(_ code: UInt8) throws {
    let (socket, port) = try listeningSocket()
    let second = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake()
      try connection.grant()
      connection.close()
      if code == 0x9c { return }
      let again = try broker.accept(.v5)
      try again.handshake()
      try again.grant()
      again.send(.publish(Publish(topic: "a", payload: [0x31])))
      again.discard()
    }
    let first = ScriptedBroker(socket: socket, port: port) { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake()
      try connection.grant()
      var packet = Disconnect(ReasonCode(rawValue: code))
      packet.properties.set(
        Property(.serverReference, try UTF8String(Array("127.0.0.1:\(second.port)".utf8))))
      connection.send(.disconnect(packet))
      connection.discard()
      if code == 0x9d { return }
      let again = try broker.accept(.v5)
      try again.handshake()
      try again.grant()
      again.send(.publish(Publish(topic: "a", payload: [0x31])))
      again.discard()
    }
    let result = try Program.run(
      ["sub", "-V", "5", "-t", "a", "-C", "1", "--follow-redirect"] + ServersTests.soon
        + first.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.output == Array("1\n".utf8))
    try first.finish()
    try second.finish()
  }

  @Test("over TLS the other server's certificate must be for its own name") func certificate()
    throws
  {
    let made = try Secure.certificates.get()
    let wrong = try Mosquitto(made.listener("elsewhere"))
    let right = try Mosquitto(made.listener("server"))
    let plain = try Mosquitto()
    for (port, isFollowed) in [(right.port, true), (wrong.port, false), (plain.port, false)] {
      let front = try TLSBroker(try Self.reference(0x9d, "localhost:\(port)"))
      let program = try RunningProgram(
        [Program.apus] + Self.publish + ["-u", "me", "-P", "secret", "--follow-redirect"]
          + ["-h", "127.0.0.1", "-p", front.port, "--cafile", made.file("ca.pem")],
        environment: Secure.noEnvironment)
      #expect(try program.wait() == .exited(isFollowed ? 0 : 1), "\(program.errorText)")
      if isFollowed { continue }
      expectOneLine(program.errorText, from: "pub")
      #expect(program.errorText.contains("localhost:\(port)"), "\(program.errorText)")
    }
    #expect(!wrong.log.contains("New client connected"))
    #expect(!plain.log.contains("New client connected"))
    // Who checks nothing sends no login away.
    let front = try TLSBroker(try Self.reference(0x9d, "localhost:\(right.port)"))
    let program = try RunningProgram(
      [Program.apus] + Self.publish + ["-u", "me", "--follow-redirect", "--insecure", "--quiet"]
        + ["-h", "127.0.0.1", "-p", front.port], environment: Secure.noEnvironment)
    #expect(try program.wait() == .exited(0x9d))
  }

  @Test("with a pre-shared key, wherever it is told, the other server has to know it, too")
  func sharedKey() throws {
    let broker = try Secure.Way.psk.broker
    let front = try TLSBroker(
      try Self.reference(0x9d, "localhost:\(broker.port)"),
      ["-nocert", "-psk", "0123456789abcdef", "-psk_identity", "me"])
    let program = try RunningProgram(
      [Program.apus] + Self.publish + ["-u", "me", "-P", "secret", "--follow-redirect"]
        + ["-h", "127.0.0.1", "-p", front.port, "--psk-env", "APUS_TEST", "--psk-identity", "me"],
      environment: Secure.noEnvironment.merging(["APUS_TEST": "0123456789abcdef"]) { $1 })
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
  }
}

/// OpenSSL's server that answers whatever comes with one CONNACK.
private struct TLSBroker {
  let program: RunningProgram
  let port: String

  /// - Parameter identity: s_server's options; nil: a certificate.
  init(_ connAck: ConnAck, _ identity: [String]? = nil) throws {
    let made = try Secure.certificates.get()
    let identity = identity ?? ["-cert", made.file("server.pem"), "-key", made.file("key.pem")]
    program = try RunningProgram(
      ["openssl", "s_server", "-accept", "127.0.0.1:0"] + identity, input: .open)
    try program.waitForOutput("ACCEPT 127.0.0.1:")
    let line = program.outputText.split(separator: "\n").first { $0.hasPrefix("ACCEPT ") } ?? ""
    port = String(line.split(separator: ":").last ?? "")
    program.write(Packet.connAck(connAck).encoded(.v5))
  }
}
