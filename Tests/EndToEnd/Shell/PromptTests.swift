import Foundation
import Glibc
import TestSupport
import Testing

/// `apus repl` as a person at a terminal sees it.
@Suite("The prompt of apus repl", .ownThread) struct PromptTests {
  @Test(
    "typing while hundreds of messages a second arrive loses no key and leaves no stale row",
    arguments: [40, 80, 200] as [UInt16])
  func busy(_ columns: UInt16) throws {
    let broker = try Mosquitto()
    let session = try PromptSession(columns: columns, connectedTo: broker)
    session.type("sub -t 'n/#'\r")
    let sender = try RunningProgram(
      ["mosquitto_pub", "-p", String(broker.port), "-t", "n/温度", "-l"], input: .open)
    let typed = String(repeating: "Größe 温度 ", count: 20)
    var offset = 0
    for (number, key) in typed.enumerated() {
      sender.write("message 値 \(number)\n")
      session.type(String(key))
      // Ten at most are on their way.
      if number >= 10 {
        offset = try session.terminal.waitForBytes("message 値 \(number - 10)", after: offset)
      }
    }
    let last = "n/温度 message 値 \(typed.count - 1)"
    try session.wait("the last message") { $0.everything.contains(last) }
    let squeezed = (PromptSession.prompt(broker) + typed).filter { $0 != " " }
    try session.wait("the whole line") {
      $0.everything.joined().filter { $0 != " " }.hasSuffix(squeezed)
    }
    let rows = session.terminal.screenNow.everything
    #expect(rows.filter { $0.contains("me connected>") }.count == 2, "\(rows)")
    let messages = rows.filter { $0.hasPrefix("n/温度") }
    #expect(messages == (0..<typed.count).map { "n/温度 message 値 \($0)" })
    #expect(session.terminal.screenNow.unknown == [])
  }

  @Test("Tab knows commands, options, values and the topics seen") func completion() throws {
    let broker = try Mosquitto()
    let session = try PromptSession(columns: 200, connectedTo: broker)
    session.type("sub -t 'plant/#'\rpub -t plant/line1/temp -m 21\r")
    try session.wait("the message") { $0.everything.contains("plant/line1/temp 21") }
    session.type("unsu\t\t\r")
    try session.wait("the end of the subscription") {
      $0.everything.contains {
        $0.hasSuffix("connected> unsub plant/#") || $0.contains("unsub 'plant/#'")
      }
    }
    session.type("pub --reta\t-t pl\t\t\t-m 22 --qo\t1\r")
    try session.wait("the line") {
      $0.everything.contains { $0.hasSuffix("pub --retain -t plant/line1/temp -m 22 --qos 1") }
    }
    session.type("connect --as \u{15}con\t")
    try session.wait("the command") { $0.rows.contains { $0.hasSuffix("connected> connect") } }
  }

  @Test("what only looks like a topic is completed with none of it") func lookalikes() throws {
    let broker = try Mosquitto()
    let session = try PromptSession(columns: 200, connectedTo: broker)
    session.type("sub -t '#'\rpub -t caf\u{e9}/x -m 1\r")
    try session.wait("the message") { $0.everything.contains("caf\u{e9}/x 1") }
    session.type("pub -t cafe\u{301}\t\u{15}pub -t caf\u{e9}\t\t-m 2\r")
    try session.wait("the other message") { $0.everything.contains("caf\u{e9}/x 2") }
  }

  @Test("nothing that may be a secret is kept") func secrets() throws {
    let state = TemporaryDirectory()
    let session = try PromptSession(state: state)
    let lines = [
      "conect -P geheim", "connect -P geheim >", "alias c connect", "c -P geheim",
      "connect --pasword geheim", "connect mqtt://u:geheim@127.0.0.1:1", "help -P geheim",
      "connect \\", "-P geheim -p 1", "echo 'one", "-P geheim", "end'", "set PW geheim",
      "!true -P geheim", "# connect -P geheim", "echo later # connect -P geheim",
      "!MQTT_PASSWORD=geheim true", "!export MQTT_PW=geheim", "set password geheim >",
      "set password ge>heim", "connect –P geheim", "connect —pw geheim", "echo key=geheim",
      "help --pw-file x", "sub -t monkey/keys", "echo done",
    ]
    for line in lines { session.type(line + "\r") }
    // While a command runs, the terminal itself takes Ctrl-V for its own.
    try session.wait("the prompt") {
      $0.everything.contains("done") && $0.everything.last?.hasSuffix("connected>") == true
    }
    for line in ["echo a\u{16}\u{1}b", "echo 'two", "lines'", "quit"] { session.type(line + "\r") }
    #expect(try session.program.wait() == .exited(0))
    let history = try String(contentsOfFile: state.path + "/apus/history", encoding: .utf8)
    #expect(!history.contains("geheim"), "\(history)")
    #expect(
      history
        == "alias c connect\nhelp --pw-file x\nsub -t monkey/keys\necho done\necho a\\x01b\necho 'two\\nlines'\nquit\n"
    )
    let later = try PromptSession(state: state)
    later.type("\u{10}\u{10}\u{10}\r")
    try later.wait("the line with a control character") { $0.everything.contains("a\\x01b") }
  }

  @Test("Ctrl-Z during a command gives the terminal back while the shell is stopped")
  func suspension() throws {
    let session = try PromptSession()
    session.type("sleep 60\r")
    try eventually("a running command") {
      session.terminal.modes.c_lflag & tcflag_t(ISIG) != 0
        && session.terminal.modes.c_lflag & tcflag_t(ECHO) == 0
    }
    session.type("\u{1a}")
    try eventually("the terminal as it was") {
      session.terminal.modes.c_lflag & tcflag_t(ECHO) != 0
    }
    // It stops after that, and a signal that came before would be lost.
    try eventually("a stopped shell") {
      try String(contentsOfFile: "/proc/\(session.program.pid)/stat", encoding: .utf8)
        .contains(") T ")
    }
    session.program.send(SIGCONT)
    try eventually("the shell's terminal") {
      session.terminal.modes.c_lflag & tcflag_t(ECHO) == 0
    }
    session.type("\u{3}")
    try session.wait("the interruption") { $0.everything.contains("interrupted") }
    session.type("quit\r")
    #expect(try session.program.wait() == .exited(0))
  }

  @Test("vi's keys never leave the line") func viKeys() throws {
    let folder = TemporaryDirectory()
    let rc = try folder.write(Array("bind -v\n".utf8), to: "editrc")
    let session = try PromptSession(editrc: rc)
    let keys = [
      "\u{1b}", "?", "q/", "\u{1b}", "d", "messages ", "\u{1b}", "n", "\u{1b}[3~", "\u{b}",
      "\u{3}", "echo one", "\r", "\u{1b}", "e", "s", "x", "\u{1b}", "n", "N", "x", "X", "e", "D",
      "\u{3}",
    ]
    for key in keys { session.type(key) }
    session.type("iecho still here\r")
    try session.wait("an answer") { $0.everything.contains { $0.contains("still here") } }
    session.type("\u{3}")
    session.type("\u{4}")
    #expect(try session.program.wait() == .exited(0))
  }

  @Test("a broker that is gone and comes back is told of without a key") func outage() throws {
    let broker = try Mosquitto()
    let session = try PromptSession(connectedTo: broker)
    session.type("abc")
    try broker.kill()
    try session.wait("the loss") {
      let last = $0.everything.suffix(2).joined()
      return last.contains("offline since") && last.contains("reconnecting")
        && last.hasSuffix("> abc")
    }
    try broker.start()
    try session.wait("the return", within: 20) {
      $0.everything.last == PromptSession.prompt(broker) + " abc"
    }
  }

  @Test("a terminal that takes nothing for a while holds up no connection") func stalled() throws {
    let broker = try Mosquitto()
    let session = try PromptSession()
    session.type("connect -p \(broker.port) -i me -k 1\rsub -t a\r")
    try session.wait("the subscription") { $0.everything.last?.hasSuffix("me connected>") == true }
    try broker.waitForLog("me 0 a")
    session.terminal.stall()
    let text = String(repeating: "0123456789", count: 100) + "\n"
    let path = try broker.directory.write(
      Array((String(repeating: text, count: 2000) + "last\n").utf8), to: "text")
    let sender = try RunningProgram(
      ["mosquitto_pub", "-p", String(broker.port), "-t", "a", "-l"], input: .file(path))
    #expect(try sender.wait() == .exited(0))
    let before = broker.log.utf8.count
    // Longer than the broker waits for a client that says nothing.
    try eventually("pings", within: 30) {
      broker.log.dropFirst(before).split(separator: "\n").count {
        $0.contains("Received PINGREQ from me")
      } > 3
    }
    session.terminal.resume()
    try session.wait("the last message", within: 30) { $0.everything.contains("a last") }
    try session.wait("the prompt") { $0.everything.last?.hasSuffix("me connected>") == true }
    #expect(broker.log.split(separator: "\n").count { $0.contains(" as me ") } == 1)
  }

  @Test("Ctrl-C stops a command, Ctrl-D leaves with DISCONNECT") func keys() throws {
    let broker = try Mosquitto()
    let session = try PromptSession(connectedTo: broker)
    session.type("sleep 60\r")
    try session.wait("the command") { $0.rows.contains { $0.hasSuffix("> sleep 60") } }
    // Ctrl-C is a signal once the command runs.
    try eventually("a running command") {
      session.terminal.modes.c_lflag & tcflag_t(ISIG) != 0
    }
    session.type("\u{3}")
    try session.wait("the interruption") { $0.everything.contains("interrupted") }
    session.type("\u{4}")
    #expect(try session.program.wait() == .exited(0))
    let flags = tcflag_t(ECHO | ICANON | ISIG)
    #expect(session.terminal.modes.c_lflag & flags == flags)
  }

  @Test("SIGTERM and SIGHUP keep the history and leave cleanly", arguments: [SIGTERM, SIGHUP])
  func signals(_ signal: Int32) throws {
    let state = TemporaryDirectory()
    let broker = try Mosquitto()
    let session = try PromptSession(state: state, connectedTo: broker)
    session.type("echo one\rconnect --as b -u me -P geheim -p \(broker.port)\rhalf a line")
    try session.wait("the line") { $0.everything.joined().hasSuffix("half a line") }
    session.program.send(signal)
    #expect(try session.program.wait() == .signaled(signal))
    let flags = tcflag_t(ECHO | ICANON | ISIG)
    #expect(session.terminal.modes.c_lflag & flags == flags)
    let history = try String(contentsOfFile: state.path + "/apus/history", encoding: .utf8)
    #expect(history == "connect -p \(broker.port) -i me\necho one\n")
    let later = try PromptSession(state: state)
    later.type("\u{10}\r")
    try later.wait("the line of before") { $0.everything.contains("one") }
  }
}
