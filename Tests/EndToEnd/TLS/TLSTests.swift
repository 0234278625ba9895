import Foundation
import TestSupport
import Testing

/// Brokers with TLS, and apus and mosquitto's clients at either end.
enum Secure {
  static let certificates: Result<Certificates, any Error> = Result {
    let made = try Certificates()
    try made.issue("server", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    // Here, since tests that run at once would make a mess of the authority's files.
    try made.issue("elsewhere", "subjectAltName=DNS:other.example")
    try made.issue("client", "extendedKeyUsage=clientAuth", subject: "/CN=me")
    try made.run(
      "pkey", "-in", made.file("key.pem"), "-aes256", "-passout", "pass:tell nobody", "-out",
      made.file("locked.pem"))
    _ = try made.directory.write(Array("me:0123456789abcdef\n".utf8), to: "psk")
    return made
  }

  static let psk = ["--psk", "0123456789abcdef", "--psk-identity", "me"]

  enum Way: String, CaseIterable, Sendable {
    case tls, mutual, psk

    var listener: [String] {
      get throws {
        let made = try certificates.get()
        return switch self {
        case .tls: made.listener("server")
        case .mutual: made.listener("server") + ["require_certificate true"]
        case .psk: ["allow_anonymous true", "psk_hint hint", "psk_file \(made.file("psk"))"]
        }
      }
    }

    var words: [String] {
      get throws {
        let made = try certificates.get()
        let trust = ["--cafile", made.file("ca.pem")]
        return switch self {
        case .tls: trust
        case .mutual:
          trust + ["--cert", made.file("client.pem"), "--key", made.file("key.pem")]
        case .psk: Secure.psk
        }
      }
    }

    static let brokers: Result<[Way: Mosquitto], any Error> = Result {
      var brokers: [Way: Mosquitto] = [:]
      for way in allCases {
        brokers[way] = try Mosquitto(
          try way.listener + ["max_queued_messages 0", "message_size_limit 0"])
      }
      atexit { try? Way.stop() }
      return brokers
    }

    private static func stop() throws {
      for broker in try brokers.get().values { try broker.kill() }
    }

    var broker: Mosquitto { get throws { try Self.brokers.get()[self]! } }
  }

  static let noEnvironment = ["SSL_CERT_FILE": "", "SSL_CERT_DIR": "", "SSLKEYLOGFILE": ""]
}

@Suite("TLS") struct TLSTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let way: Secure.Way
    let version: String
    let publisher: Client
    var testDescription: String { "\(way), \(version), \(publisher) publishes" }
  }

  static let rows = Secure.Way.allCases.flatMap { way in
    ["311", "5"].flatMap { version in
      [Client.apus, .mosquitto].map { Row(way: way, version: version, publisher: $0) }
    }
  }

  @Test("payloads arrive as they were sent, at either end mosquitto's client", arguments: rows)
  func roundTrip(_ row: Row) throws {
    let broker = try row.way.broker
    let topic = Shared.name("t")
    let folder = TemporaryDirectory()
    let words = try row.way.words + ["-V", row.version, "-t", topic]
    for size in [0, 1, 16_384, 16_385, 1 << 20] {
      let payload = randomBytes(size)
      let file = try folder.write(payload, to: "payload")
      let subscriber = try broker.subscriber(
        row.publisher.other, words + ["-q", "1", "-C", "1", "-N"])
      try broker.publish(row.publisher, words + ["-q", "1", "-f", file])
      #expect(same(try subscriber.output(), payload), "\(size) bytes")
    }
  }

  @Test("64 MiB go through whole", arguments: [Client.apus, .mosquitto])
  func large(_ publisher: Client) throws {
    let broker = try Secure.Way.tls.broker
    let payload = randomBytes(64 << 20)
    let folder = TemporaryDirectory()
    let file = try folder.write(payload, to: "payload")
    let words = try Secure.Way.tls.words + ["-t", Shared.name("t"), "-q", "1"]
    let subscriber = try broker.subscriber(publisher.other, words + ["-C", "1", "-N"])
    try broker.publish(publisher, words + ["-f", file], within: 60)
    #expect(same(try subscriber.output(within: 60), payload))
  }

  @Test("200,000 lines arrive, none lost and none twice", arguments: ["0", "1", "2"])
  func lines(_ qos: String) throws {
    let broker = try Secure.Way.tls.broker
    let words = try Secure.Way.tls.words + ["-t", Shared.name("t"), "-q", qos]
    let count = qos == "0" ? 200_000 : 20_000
    let subscriber = try broker.subscriber(.apus, words + ["-C", String(count)])
    let input = numberedLines(count)
    try broker.publish(.apus, words + ["-l"], input: .bytes(input), within: 60)
    #expect(same(try subscriber.output(within: 60), input))
  }

  @Test("a network that is slow and brings single bytes does not matter") func pieces() throws {
    let proxy = try FaultProxy(to: try Secure.Way.mutual.broker.port) {
      $0.pieces = 1
      $0.delay = 0.02
    }
    let program = try RunningProgram(
      [Program.apus, "pub"] + proxy.address + Secure.Way.mutual.words
        + ["-t", "a", "-m", "x", "-q", "2"])
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
  }

  @Test(
    "a connection that breaks in the handshake is told in one line",
    arguments: [0, 1, 4, 5, 6, 50, 100, 127, 128, 500, 900])
  func cut(_ count: Int) throws {
    let proxy = try FaultProxy(to: try Secure.Way.tls.broker.port) {
      $0.cutAfterReceived = count == 0 ? nil : count
      $0.cutAfterSent = count == 0 ? 10 : nil
    }
    let program = try RunningProgram(
      [Program.apus, "pub"] + proxy.address + Secure.Way.tls.words
        + ["-t", "a", "-m", "x", "-q", "1"])
    #expect(try program.wait() == .exited(1))
    expectOneLine(program.errorText, from: "pub")
    #expect(program.errorText.contains("in the TLS handshake"), "\(program.errorText)")
  }

  @Test("a broker that dies in the middle is a lost connection") func killed() throws {
    let broker = try Mosquitto(try Secure.Way.tls.listener)
    let words = try Secure.Way.tls.words + ["-t", "a", "-q", "1", "--on-loss", "exit"]
    let subscriber = try broker.subscriber(.apus, words)
    let publisher = try RunningProgram(
      [Program.apus, "pub", "-l"] + broker.address + words, input: .open)
    publisher.write("one\n")
    try subscriber.waitForOutput("one\n")
    try broker.kill()
    for (program, name) in [(subscriber, "sub"), (publisher, "pub")] {
      #expect(try program.wait() == .exited(7))
      expectOneLine(program.errorText, from: name)
    }
  }

  @Test("a single message at QoS 0 ends with status 0, however the broker closes")
  func single() throws {
    let words = try Secure.Way.tls.words + ["-t", "a", "-m", "x"]
    for version in ["31", "311", "5"] {
      for _ in 0..<10 { try Secure.Way.tls.broker.publish(.apus, words + ["-V", version]) }
    }
  }

  // MARK: How it is asked for

  @Test(
    "each way to ask for TLS is enough",
    arguments: [
      "--cafile @ca.pem", "--cert @client.pem --key @key.pem", "--tls", "--tls-use-os-certs",
      "--tls-version tlsv1.2", "--tls-version tlsv1.3", "--tls-alpn mqtt", "--ciphers DEFAULT",
      "--tls-keylog @log",
    ])
  func asked(_ line: String) throws {
    let made = try Secure.certificates.get()
    let words = line.split(separator: " ").map {
      $0.hasPrefix("@") ? made.file(String($0.dropFirst())) : String($0)
    }
    let program = try RunningProgram(
      [Program.apus, "pub", "-t", "a", "-m", "x", "-q", "1"] + Secure.Way.tls.broker.address
        + words,
      environment: Secure.noEnvironment.merging(["SSL_CERT_FILE": made.file("ca.pem")]) { $1 })
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
  }

  @Test("a URL asks for it, and --no-tls goes without") func url() throws {
    let broker = try Secure.Way.tls.broker
    let trust = try Secure.Way.tls.words
    let url = "mqtts://localhost:\(broker.port)/a%20b"
    let program = try RunningProgram([Program.apus, "pub", "-L", url, "-m", "x", "-d"] + trust)
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    #expect(program.errorText.contains("'a b'"))
    try Shared.broker.get().publish(.apus, trust + ["--no-tls", "-t", "a", "-m", "x"])
    let both = try Program.run(["pub", "-L", url, "-m", "x", "--no-tls"])
    #expect(both.ending == .exited(1))
    #expect(both.errors.contains("--no-tls forbids"))
  }

  @Test("the default port is 8883", arguments: ["-L mqtts://localhost", "-h localhost --tls"])
  func port(_ line: String) throws {
    // Nobody is there to answer, as a rule; the message names the port.
    let result = try Program.run(
      ["pub", "-t", "a", "-m", "x", "--connect-timeout", "5"]
        + line.split(separator: " ").map(String.init))
    #expect(result.errors.contains("localhost:8883: "), "\(result.errors)")
  }

  // MARK: Who we are

  @Test("a server that wants a certificate says so, and is understood")
  func refusedClient() throws {
    let program = try RunningProgram(
      [Program.apus, "pub", "-t", "a", "-m", "x"] + Secure.Way.mutual.broker.address
        + Secure.Way.tls.words)
    #expect(try program.wait() == .exited(1))
    expectOneLine(program.errorText, from: "pub")
    #expect(program.errorText.contains("certificate required"), "\(program.errorText)")
    #expect(program.errorText.contains("--cert"), "\(program.errorText)")
  }

  @Test(
    "a pre-shared key that is not the server's is refused",
    arguments: [
      ["--psk", "00", "--psk-identity", "me"], ["--psk", "00", "--psk-identity", "who"],
    ])
  func wrongKey(_ words: [String]) throws {
    let program = try RunningProgram(
      [Program.apus, "pub", "-t", "a", "-m", "x"] + Secure.Way.psk.broker.address + words)
    #expect(try program.wait() == .exited(1))
    expectOneLine(program.errorText, from: "pub")
    #expect(program.errorText.contains("check --psk and --psk-identity"), "\(program.errorText)")
  }

  @Test("with a pre-shared key, a certificate is no substitute") func keyOnly() throws {
    let program = try RunningProgram(
      [Program.apus, "pub", "-t", "a", "-m", "x"] + Secure.Way.tls.broker.address + Secure.psk)
    #expect(try program.wait() == .exited(1))
    expectOneLine(program.errorText, from: "pub")
    #expect(!(try Secure.Way.tls.broker.log.contains("as me")))
  }

  @Test("the passphrase comes from a file or the environment") func passphrase() throws {
    let made = try Secure.certificates.get()
    let folder = TemporaryDirectory()
    let secret = try folder.write(Array("tell nobody\n".utf8), to: "secret")
    let wrong = try folder.write(Array("tell all\n".utf8), to: "wrong")
    for file in [secret, wrong] { chmod(file, 0o600) }
    let open = try folder.write(Array("tell nobody\n".utf8), to: "open")
    chmod(open, 0o644)
    let rows: [([String], String?)] = [
      (["--key-pass-file", secret], nil), (["--key-pass-env", "APUS_TEST"], nil),
      (["--key-pass-file", wrong], "the passphrase is wrong"),
      (["--key-pass-file", open], "other users can read this secret"),
      (["--key-pass-file", "/proc/none/x"], "no such file"),
      (["--key-pass-env", "APUS_NONE"], "no such variable"),
    ]
    for (words, refusal) in rows {
      let program = try RunningProgram(
        [Program.apus, "pub", "-t", "a", "-m", "x", "-q", "1"]
          + Secure.Way.mutual.broker.address + Secure.Way.tls.words
          + ["--cert", made.file("client.pem"), "--key", made.file("locked.pem")] + words,
        environment: ["APUS_TEST": "tell nobody"])
      #expect(try program.wait() == .exited(refusal == nil ? 0 : 1), "\(words)")
      if let refusal {
        expectOneLine(program.errorText, from: "pub")
        #expect(program.errorText.contains(refusal), "\(program.errorText)")
      }
    }
  }

  @Test("the passphrase is asked for at the terminal, and not shown") func prompt() throws {
    let made = try Secure.certificates.get()
    let words =
      try ["pub", "-t", "a", "-m", "x", "-q", "1"] + Secure.Way.mutual.broker.address
      + Secure.Way.tls.words + ["--cert", made.file("client.pem"), "--key"]
      + [made.file("locked.pem")]
    for (answer, ending) in [("tell nobody\n", Int32(0)), ("no\n", 1), ("\u{3}", 130)] {
      let line = ([Program.apus] + words).joined(separator: " ")
      let program = try RunningProgram(["script", "-qec", line, "/dev/null"], input: .open)
      try program.waitForOutput("Passphrase for ")
      program.write(answer)
      #expect(try program.wait() == .exited(ending), "\(program.outputText)")
      #expect(!program.outputText.contains("nobody"))
    }
  }

  @Test("certificate and key may be one file, PEM or PKCS#12") func oneFile() throws {
    let made = try Secure.certificates.get()
    try made.concatenate(["client.pem", "key.pem"], to: "both.pem")
    for (name, secret) in [("open.p12", ""), ("locked.p12", "tell nobody")] {
      try made.run(
        "pkcs12", "-export", "-in", made.file("client.pem"), "-inkey", made.file("key.pem"),
        "-certfile", made.file("ca.pem"), "-passout", "pass:\(secret)", "-out", made.file(name))
    }
    let rows: [(String, [String], String?)] = [
      ("both.pem", [], nil), ("open.p12", [], nil),
      ("locked.p12", ["--key-pass-env", "APUS_TEST"], nil),
      ("locked.p12", ["--key-pass-env", "APUS_WRONG"], "the passphrase is wrong"),
    ]
    for (name, words, refusal) in rows {
      let program = try RunningProgram(
        [Program.apus, "pub", "-t", "a", "-m", "x", "-q", "1"]
          + Secure.Way.mutual.broker.address + Secure.Way.tls.words
          + ["--cert", made.file(name)] + words,
        environment: ["APUS_TEST": "tell nobody", "APUS_WRONG": "no"])
      #expect(
        try program.wait() == .exited(refusal == nil ? 0 : 1), "\(name): \(program.errorText)")
      if let refusal { #expect(program.errorText.contains(refusal), "\(program.errorText)") }
    }
  }

  @Test("a pin names the server's key, in the place of its certificate or beside it")
  func pin() throws {
    let made = try Secure.certificates.get()
    let hash = try RunningProgram([
      "sh", "-c",
      "openssl pkey -in \(made.file("key.pem")) -pubout -outform der"
        + " | openssl dgst -sha256 -binary | openssl base64",
    ])
    let own = "sha256//" + (try hash.text().trimmingCharacters(in: .newlines))
    let other = "sha256//" + String(repeating: "A", count: 43) + "="
    let trust = try Secure.Way.tls.words
    let rows: [([String], Int32)] = [
      (["--pin", own] + trust, 0), (["--pin", other, "--pin", own] + trust, 0),
      (["--pin", own, "--insecure"], 0), (["--pin", other] + trust, 1),
      (["--pin", other, "--insecure"], 1), (["--pin", own], 1),
    ]
    for (words, status) in rows {
      let program = try RunningProgram(
        [Program.apus, "pub", "-t", "a", "-m", "x", "-q", "1"] + Secure.Way.tls.broker.address
          + words, environment: Secure.noEnvironment)
      #expect(try program.wait() == .exited(status), "\(words): \(program.errorText)")
      if status == 0 { #expect(program.errorText.isEmpty) }
      if words.contains(other), status == 1 {
        #expect(program.errorText.contains("the server's key is \(own)"), "\(program.errorText)")
      }
    }
  }

  // MARK: Warnings and logs

  @Test("a warning tells what weakens a connection, unless --quiet") func warnings() throws {
    let broker = try Secure.Way.tls.broker
    let folder = TemporaryDirectory()
    let log = folder.file("keys")
    let rows: [([String], [String: String], String)] = [
      (["--insecure"], [:], "--insecure"),
      (try Secure.Way.tls.words + ["--tls-keylog", log], [:], "--tls-keylog"),
      (try Secure.Way.tls.words, ["SSLKEYLOGFILE": log], "SSLKEYLOGFILE"),
      (try Secure.Way.tls.words, ["SSLKEYLOGFILE": "/proc/none/x"], "SSLKEYLOGFILE"),
    ]
    for (words, environment, text) in rows {
      for isQuiet in [false, true] {
        let program = try RunningProgram(
          [Program.apus, "pub", "-t", "a", "-m", "x", "-q", "1"] + broker.address + words
            + (isQuiet ? ["--quiet"] : []),
          environment: Secure.noEnvironment.merging(environment) { $1 })
        #expect(try program.wait() == .exited(0))
        if isQuiet {
          #expect(program.errorText.isEmpty)
        } else {
          expectOneLine(program.errorText, from: "pub")
          #expect(program.errorText.contains("warning: \(text)"), "\(program.errorText)")
        }
      }
    }
    let keys = try String(contentsOfFile: log, encoding: .utf8)
    #expect(keys.components(separatedBy: "CLIENT_TRAFFIC_SECRET_0 ").count == 5)
    var status = stat()
    #expect(stat(log, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }
}
