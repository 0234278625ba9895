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
