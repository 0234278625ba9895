import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// AUTH packets of a broker that plays foul, and authentication in a standing session.
@Suite("Enhanced authentication", .ownThread) struct AuthenticationWireTests {
  static let method: UTF8String = "M"
  /// Answers whatever it is asked with itself.
  static let echo = [
    "--auth-method", "M", "--auth-cmd", "while read -r line; do echo \"$line\"; done",
  ]

  @Test("another method in AUTH or CONNACK") func otherMethod() throws {
    for isConnAck in [false, true] {
      let result = try authenticate(["pub", "-t", "a", "-m", "x"] + Self.echo) { connection in
        _ = try connection.takeConnect()
        if isConnAck {
          connection.accept(nil, "other")
        } else {
          connection.challenge([1], "other")
        }
        while let packet = try connection.next() {
          if case .publish = packet { Issue.record("a message all the same") }
        }
      }
      #expect(result.ending == .exited(2))
      expectOneLine(result.errors, from: "pub")
      #expect(result.errors.contains("changed the authentication method"), "\(result.errors)")
    }
  }

  @Test("AUTH that nobody asked for, before CONNACK and behind it") func unasked() throws {
    for (isLate, words) in [(false, ["-V", "5"]), (true, ["-V", "5"]), (true, Self.echo)] {
      let result = try authenticate(["sub", "-t", "a"] + words) { connection in
        let method: UTF8String? = words == Self.echo ? Self.method : nil
        _ = try connection.takeConnect()
        if isLate {
          connection.accept(nil, method)
          try connection.grant()
        }
        connection.challenge([1], Self.method)
        connection.discard()
      }
      #expect(result.ending == .exited(2))
      expectOneLine(result.errors, from: "sub")
      #expect(result.errors.contains("unexpected AUTH"), "\(result.errors)")
    }
  }

  @Test("a server that never has enough") func endless() throws {
    let result = try authenticate(["sub", "-t", "a"] + Self.echo) { connection in
      _ = try connection.takeConnect()
      for round in 1...64 {
        connection.challenge([UInt8(round)], Self.method)
        #expect(try connection.takeAuth() == [UInt8(round)])
      }
      connection.challenge([65], Self.method)
      let more = try connection.next()
      #expect(more == nil)
    }
    #expect(result.ending == .exited(2))
    expectOneLine(result.errors, from: "sub")
    #expect(result.errors.contains("after 64 challenges"), "\(result.errors)")
  }

  @Test(
    "a server that says nothing, and a command that says nothing", arguments: [Self.echo, mute])
  func silent(_ words: [String]) throws {
    for limit in ["--connect-timeout", "-W"] {
      let result = try authenticate(["pub", "-t", "a", "-m", "x", limit, "0.3"] + words) {
        $0.discard()
      }
      #expect(result.ending == .exited(27), "\(result.errors)")
      expectOneLine(result.errors, from: "pub")
    }
  }

  static let mute = ["--auth-method", "M", "--auth-cmd", "exec sleep 300"]

  // MARK: --auth-cmd

  @Test("a program answers, for pub, sub and rr: base64 both ways, and what the environment tells")
  func program() throws {
    let command = """
      IFS= read -r line; test "$line" = '' || exit 9
      printf '%s %s' "$MQTT_AUTH_METHOD" "$MQTT_AUTH_HOST" | base64
      while IFS= read -r line; do
        case $line in '=') echo;; *) printf %s "$line" | base64 -d | tr a-z A-Z | base64;; esac
      done
      """
    for words in [
      ["pub", "-t", "a", "-m", "x"], ["sub", "-t", "a", "-E"],
      ["rr", "-t", "a", "-m", "x"],
    ] {
      let result = try authenticate(
        words + ["--auth-method", "M", "--auth-cmd", command, "-u", "me", "-P", "pw"]
      ) { connection in
        let (connect, first) = try connection.takeConnect()
        #expect(first == Array("M 127.0.0.1".utf8))
        #expect(connect.password == Array("pw".utf8))
        connection.challenge(Array("who\n".utf8), Self.method)
        #expect(try connection.takeAuth() == Array("WHO\n".utf8))
        connection.challenge([], Self.method)
        #expect(try connection.takeAuth() == [])
        connection.accept(Array("welcome".utf8), Self.method)
        if words[0] != "pub" { try connection.grant() }
        // rr has asked then, and hears no answer.
        if words[0] == "rr" { _ = try connection.receive() } else { connection.discard() }
      }
      #expect(result.ending == .exited(words[0] == "rr" ? 7 : 0), "\(words): \(result.errors)")
    }
  }

  static let bad: [(command: String, status: Int32, text: String)] = [
    ("exit 3", 1, "--auth-cmd: the command ended with status 3"),
    ("true", 1, "--auth-cmd: the command ended (with status 0) without an answer"),
    ("kill -9 $$", 1, "--auth-cmd: the command was killed by signal 9"),
    ("echo '*secret*'; cat", 1, "--auth-cmd: the command printed a line that is not base64, or"),
    ("yes secret | tr -d '\\n'", 1, "--auth-cmd: the command printed more than"),
    ("head -c 66000 /dev/zero | base64 -w0; echo; cat", 1, "not base64"),
  ]

  @Test(
    "a program that fails is one line with its status, and no CONNECT", arguments: bad.indices)
  func failingProgram(_ index: Int) throws {
    let row = Self.bad[index]
    let result = try authenticate(
      ["pub", "-t", "a", "-m", "x", "--auth-method", "M", "--auth-cmd", row.command]
    ) { connection in
      let more = try connection.next()
      #expect(more == nil)
    }
    #expect(result.ending == .exited(row.status), "\(result.errors)")
    expectOneLine(result.errors, from: "pub")
    #expect(result.errors.contains(row.text), "\(result.errors)")
    #expect(!result.errors.contains("secret"))
  }

  @Test(
    "a program that is not content with the server's last word ends it; one that has left does not mind"
  )
  func lastWord() throws {
    for (command, status) in [
      ("read -r a; echo; read -r b; exit 4", Int32(1)), ("read -r a; echo; read -r b; echo", 0),
      ("read -r a; echo", 0),
    ] {
      let result = try authenticate(
        ["pub", "-t", "a", "-m", "x", "--auth-method", "M", "--auth-cmd", command]
      ) { connection in
        _ = try connection.takeConnect()
        // It has left before.
        if command == "read -r a; echo" { _ = poll(nil, 0, 100) }
        connection.accept([1], Self.method)
        var count = 0
        while let packet = try connection.next() { if case .publish = packet { count += 1 } }
        #expect(count == (status == 0 ? 1 : 0))
      }
      #expect(result.ending == .exited(status), "\(command): \(result.errors)")
    }
  }

  @Test("success is not believed before the server has shown what a program waits for")
  func unproven() throws {
    let answers = "read -r a; echo 'Yw== unproven'; read -r b; echo"
    let rows: [(command: String, last: [UInt8]?, isContent: Bool)] = [
      (answers, [1], true), (answers, nil, false), (answers + " '= unproven'", [1], false),
      ("read -r a; echo ' unproven'", nil, false),
      ("read -r a; echo ' unproven'; read -r b; echo ok==", nil, false),
    ]
    for row in rows {
      let result = try authenticate(
        ["pub", "-t", "a", "-m", "x", "--auth-method", "M", "--auth-cmd", row.command]
      ) { connection in
        let first = try connection.takeConnect().data
        #expect(first == (row.command.hasPrefix(answers) ? [0x63] : []))
        connection.accept(row.last, Self.method)
        var count = 0
        while let packet = try connection.next() { if case .publish = packet { count += 1 } }
        #expect(count == (row.isContent ? 1 : 0))
      }
      #expect(
        result.ending == .exited(row.isContent ? 0 : 1), "\(row.command): \(result.errors)")
      if row.isContent { continue }
      expectOneLine(result.errors, from: "pub")
      #expect(result.errors.contains("before the command of --auth-cmd has seen its proof"))
    }
  }

  @Test("a program ends with its connection, and runs anew with the next one") func connections()
    throws
  {
    let folder = TemporaryDirectory()
    let pids = folder.path + "/pids"
    let command = "echo $$ >>'\(pids)'; while read -r line; do echo; done; exec sleep 300"
    let broker = try ScriptedBroker { broker in
      for round in 1...2 {
        let connection = try broker.accept(.v5)
        _ = try connection.takeConnect()
        connection.accept(nil, Self.method)
        try connection.grant()
        if round == 2 {
          connection.send(.publish(Publish(topic: "a", payload: [0x78])))
          connection.discard()
        }
      }
    }
    let program = try RunningProgram(
      [Program.apus, "sub", "-t", "a", "-C", "1", "--reconnect-delay", "0.05"] + broker.address
        + ["--auth-method", "M", "--auth-cmd", command])
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    try broker.finish()
    let numbers = try String(contentsOfFile: pids, encoding: .utf8).split(separator: "\n")
      .compactMap { pid_t($0) }
    #expect(numbers.count == 2)
    try eventually("the end of both") { numbers.allSatisfy { kill($0, 0) != 0 } }
  }

  // MARK: --reauth

  @Test("again and again in one session, with messages between") func again() throws {
    let result = try authenticate(
      ["sub", "-t", "a", "-C", "2", "--reauth", "0.1"] + SCRAMWireTests.login
    ) { connection in
      let method: UTF8String = "SCRAM-SHA-256"
      let server = try SCRAMServer("sha256", password: "pencil")
      connection.accept(try connection.scram(server, method).last, method)
      try connection.grant()
      var nonces: Set<[UInt8]> = []
      for round in 1...2 {
        let first = try connection.takeAuth(.reAuthenticate)
        nonces.insert(first)
        connection.challenge(try server.answer(first), method)
        let last = try server.answer(try connection.takeAuth())
        connection.challenge(last, method, .success)
        connection.send(.publish(Publish(topic: "a", payload: Array("\(round)".utf8))))
      }
      #expect(nonces.count == 2)
      connection.discard()
    }
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.output == "1\n2\n")
    #expect(result.errors == "")
  }

  @Test("a publisher that waits for input, and rr, authenticate again too") func others() throws {
    for words in [["pub", "-t", "a", "-l"], ["rr", "-t", "a", "-m", "x"]] {
      let done = DispatchSemaphore(value: 0)
      let broker = try ScriptedBroker { broker in
        let connection = try broker.accept(.v5)
        _ = try connection.takeConnect()
        connection.accept(nil, Self.method)
        if words[0] == "rr" {
          try connection.grant()
          _ = try connection.receive()
        }
        #expect(try connection.takeAuth(.reAuthenticate) == [])
        connection.challenge([], Self.method, .success)
        done.signal()
        connection.discard()
      }
      let program = try RunningProgram(
        [Program.apus] + words + ["--reauth", "0.1"] + Self.echo + broker.address, input: .open)
      defer { program.send(SIGKILL) }
      #expect(done.wait(timeout: .now() + 10) == .success)
      #expect(!program.hasEnded, "\(program.errorText)")
    }
  }

  @Test("a server that fails the second time") func failing() throws {
    let method: UTF8String = "SCRAM-SHA-256"
    for (last, status, text) in [
      ("v=AAAA", Int32(1), "signature is wrong"), ("DISCONNECT", 0x87, "Not authorized"),
    ] {
      let result = try authenticate(
        ["sub", "-t", "a", "--reauth", "0.1", "--on-loss", "exit"] + SCRAMWireTests.login
      ) { connection in
        let server = try SCRAMServer("sha256", password: "pencil")
        connection.accept(try connection.scram(server, method).last, method)
        try connection.grant()
        let first = try connection.takeAuth(.reAuthenticate)
        if last == "DISCONNECT" {
          connection.send(.disconnect(Disconnect(.notAuthorized)))
        } else {
          connection.challenge(try server.answer(first), method)
          _ = try connection.takeAuth()
          connection.challenge(Array(last.utf8), method, .success)
        }
        connection.discard()
      }
      #expect(result.ending == .exited(status), "\(result.errors)")
      expectOneLine(result.errors, from: "sub")
      #expect(result.errors.contains(text), "\(result.errors)")
    }
  }

  @Test("a server that says nothing the second time") func silentLater() throws {
    let result = try authenticate(
      ["sub", "-t", "a", "--reauth", "0.1", "--connect-timeout", "5", "--on-loss", "exit"]
        + Self.echo
    ) { connection in
      _ = try connection.takeConnect()
      connection.accept(nil, Self.method)
      try connection.grant()
      _ = try connection.takeAuth(.reAuthenticate)
      connection.discard()
    }
    #expect(result.ending == .exited(27), "\(result.errors)")
    expectOneLine(result.errors, from: "sub")
    #expect(result.errors.contains("no answer to AUTH within 5 s"), "\(result.errors)")
  }
}
