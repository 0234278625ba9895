import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// `--auth-method SCRAM-…` against a broker whose arithmetic is Python's.
@Suite("SCRAM on the wire", .ownThread) struct SCRAMWireTests {
  static let login = ["--auth-method", "SCRAM-SHA-256", "-u", "me", "-P", "pencil"]

  @Test(
    "each hash; the password does not travel, and the message only after the server's proof",
    arguments: ["1", "256", "512"])
  func good(_ hash: String) throws {
    let method = try UTF8String(Array("SCRAM-SHA-\(hash)".utf8))
    let result = try authenticate(
      ["pub", "-t", "a", "-m", "x", "--auth-method", "\(method)", "-u", "me", "-P", "pencil"]
    ) { connection in
      let server = try SCRAMServer("sha\(hash)", password: "pencil")
      let (connect, last) = try connection.scram(server, method)
      #expect(connect.properties.string(.authenticationMethod) == method)
      #expect(connect.userName == "me" && connect.password == nil)
      #expect(last.starts(with: Array("v=".utf8)))
      connection.accept(last, method)
      guard case .publish(let message) = try connection.receive() else {
        throw TimedOut(description: "no message")
      }
      #expect(message.payload == Array("x".utf8))
      connection.discard()
    }
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.errors == "")
  }

  @Test("sub and rr, by the same way") func others() throws {
    for words in [["sub", "-t", "a", "-E"], ["rr", "-t", "a", "-m", "x"]] {
      let result = try authenticate(words + Self.login) { connection in
        let server = try SCRAMServer("sha256", password: "pencil")
        connection.accept(try connection.scram(server, "SCRAM-SHA-256").last, "SCRAM-SHA-256")
        try connection.grant()
        // rr has asked then, and hears no answer.
        if words[0] == "rr" { _ = try connection.receive() } else { connection.discard() }
      }
      #expect(result.ending == .exited(words[0] == "sub" ? 0 : 7), "\(result.errors)")
    }
  }

  @Test("bench: each client logs in, and hears the server's proof", arguments: [true, false])
  func bench(_ isRight: Bool) throws {
    let words = ["bench", "pub", "-V", "5", "--count", "3", "--duration", "5"] + Self.login
    let result = try authenticate(words) { connection in
      let server = try SCRAMServer("sha256", password: "pencil")
      let (connect, last) = try connection.scram(server, "SCRAM-SHA-256")
      #expect(connect.userName == "me" && connect.password == nil)
      connection.accept(isRight ? last : nil, "SCRAM-SHA-256")
      connection.discard()
    }
    #expect(result.ending == .exited(isRight ? 0 : 2), "\(result.errors)")
    #expect(isRight == !result.errors.contains("did not show that it knows the password"))
  }

  @Test("a server may send its last message in AUTH, too") func lastInAuth() throws {
    let result = try authenticate(["pub", "-t", "a", "-m", "x"] + Self.login) { connection in
      let server = try SCRAMServer("sha256", password: "pencil")
      let last = try connection.scram(server, "SCRAM-SHA-256").last
      connection.challenge(last, "SCRAM-SHA-256")
      #expect(try connection.takeAuth() == [])
      connection.accept(nil, "SCRAM-SHA-256")
      connection.discard()
    }
    #expect(result.ending == .exited(0), "\(result.errors)")
  }

  /// What a server that is not the right one says last, and what is made of it.
  static let imposters: [(name: String, last: String?, status: Int32, text: String)] = [
    (
      "a wrong signature", "v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 1,
      "the server's signature is wrong"
    ),
    ("no signature", nil, 1, "the server did not show that it knows the password"),
    ("an empty one", "", 2, "no signature (v=)"),
    ("another length", "v=AAAA", 1, "signature is wrong"),
    ("a refusal and a welcome", "e=other-error", 1, "the server refused: other-error"),
  ]

  @Test("a server that does not know the password gets no message", arguments: imposters.indices)
  func imposter(_ index: Int) throws {
    let row = Self.imposters[index]
    let result = try authenticate(["pub", "-t", "a", "-m", "x"] + Self.login) { connection in
      let server = try SCRAMServer("sha256", password: "pencil")
      _ = try connection.scram(server, "SCRAM-SHA-256")
      connection.accept(row.last.map { Array($0.utf8) }, "SCRAM-SHA-256")
      while let packet = try connection.next() {
        if case .publish = packet { Issue.record("a message for an imposter") }
      }
    }
    #expect(result.ending == .exited(row.status), "\(result.errors)")
    expectOneLine(result.errors, from: "pub")
    #expect(result.errors.contains(row.text) && result.errors.contains("SCRAM-SHA-256"))
    #expect(!result.errors.contains("pencil"))
  }

  @Test("what the server may not ask for") func first() throws {
    for (message, text) in [
      ("r=x,s=YQ==,i=4096", "nonce does not continue ours"), ("", "no nonce"),
      ("m=x", "extension of SCRAM (m=)"),
    ] {
      let result = try authenticate(["sub", "-t", "a"] + Self.login) { connection in
        _ = try connection.takeConnect()
        connection.challenge(Array(message.utf8), "SCRAM-SHA-256")
        let more = try connection.next()
        #expect(more == nil)
      }
      #expect(result.ending == .exited(2), "\(result.errors)")
      expectOneLine(result.errors, from: "sub")
      #expect(result.errors.contains(text), "\(result.errors)")
    }
    let weak = try authenticate(["sub", "-t", "a"] + Self.login) { connection in
      let server = try SCRAMServer("sha256", password: "pencil", iterations: 1)
      connection.challenge(try server.answer(try connection.takeConnect().data), "SCRAM-SHA-256")
      let more = try connection.next()
      #expect(more == nil)
    }
    #expect(weak.ending == .exited(2))
    #expect(weak.errors.contains("asks for 1 iterations"), "\(weak.errors)")
  }

  @Test("a wrong password is refused by the server's reason code") func wrongPassword() throws {
    let result = try authenticate(["pub", "-t", "a", "-m", "x"] + Self.login) { connection in
      let server = try SCRAMServer("sha256", password: "other")
      let last = try connection.scram(server, "SCRAM-SHA-256").last
      #expect(last == Array("e=invalid-proof".utf8))
      connection.send(.connAck(ConnAck(code: 0x87)))
      connection.discard()
    }
    #expect(result.ending == .exited(0x87))
    expectOneLine(result.errors, from: "pub")
  }

  static let wrong: [WrongLine] = [
    WrongLine("no user", "pub -t a -m x --auth-method SCRAM-SHA-1 -P x", says: "needs -u and -P"),
    WrongLine("no password", "sub -t a --auth-method SCRAM-SHA-1 -u x", says: "needs -u and -P"),
    WrongLine(
      "a method that nobody knows", "sub -t a --auth-method PLAIN -u x -P y",
      says: "PLAIN is none of",
      "SCRAM-SHA-512-PLUS", "--auth-cmd"),
    WrongLine("an empty method", "sub -t a --auth-method ''", says: "--auth-method", "empty"),
    WrongLine("a command without a method", "sub -t a --auth-cmd x", says: "needs --auth-method"),
    WrongLine(
      "again without a method", "sub -t a --reauth 5", says: "--reauth needs --auth-method"),
    WrongLine(
      "again at once", "sub -t a --auth-method M --auth-cmd x --reauth 0", says: "--reauth", "'0'"),
    WrongLine("MQTT 3.1.1", "sub -t a --auth-method M --auth-cmd x -V 311", says: "needs MQTT 5"),
    WrongLine(
      "--eager", "pub -t a -m x --eager --auth-method M --auth-cmd x", says: "--eager"),
    WrongLine(
      "data of one's own",
      "sub -t a --auth-method M --auth-cmd x -D connect authentication-method M",
      says: "takes the place"),
    WrongLine(
      "binding without TLS", "sub -t a --auth-method SCRAM-SHA-256-PLUS -u x -P y", says: "TLS 1.3"),
  ]

  @Test("options that cannot be", arguments: wrong) func refuse(_ row: WrongLine) throws {
    try row.check()
  }

  @Test("text that SASLprep changes is refused before CONNECT") func unprepared() throws {
    for words in [["-u", "x", "-P", "\u{2168}"], ["-u", "\u{fb01}", "-P", "x"]] {
      let result = try authenticate(
        ["sub", "-t", "a", "--auth-method", "SCRAM-SHA-256"] + words
      ) { connection in
        let more = try connection.next()
        #expect(more == nil)
      }
      #expect(result.ending == .exited(1))
      expectOneLine(result.errors, from: "sub")
      #expect(result.errors.contains("SASLprep"), "\(result.errors)")
    }
  }

  @Test("-PLUS names the channel in TLS 1.3, and refuses TLS 1.2") func plus() throws {
    let made = try Secure.certificates.get()
    for version in ["-tls1_3", "-tls1_2"] {
      let server = try RunningProgram(
        ["openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", version, "-cert"]
          + [made.file("server.pem"), "-key", made.file("key.pem")], input: .open)
      try server.waitForOutput("ACCEPT 127.0.0.1:")
      let line = server.outputText.split(separator: "\n").first { $0.hasPrefix("ACCEPT") }
      let port = try #require(line?.split(separator: ":").last)
      let program = try RunningProgram(
        [Program.apus, "pub", "-t", "a", "-m", "x", "-h", "localhost", "-p", String(port)]
          + ["--cafile", made.file("ca.pem"), "-u", "me", "-P", "pencil"]
          + ["--auth-method", "SCRAM-SHA-256-PLUS"])
      if version == "-tls1_3" {
        try server.waitForOutput("p=tls-exporter,,n=me,r=")
        program.send(SIGKILL)
      } else {
        #expect(try program.wait() == .exited(1))
        expectOneLine(program.errorText, from: "pub")
        #expect(program.errorText.contains("binds to TLS 1.3"), "\(program.errorText)")
        #expect(!server.outputText.contains("n=me"))
      }
    }
  }
}
