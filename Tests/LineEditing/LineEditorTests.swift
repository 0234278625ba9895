import Foundation
import Glibc
import TestSupport
import Testing

/// The editor on a terminal, as a person sees it.
@Suite("Editing a line") struct LineEditorTests {
  @Test("keys of Emacs") func emacs() throws {
    let session = try EditorSession()
    session.terminal.type("world\u{01}hello \u{1b}[C\u{1b}[C!\r")
    try session.waitForRows(["apus> hello wo!rld", "got [hello wo!rld]", "apus>"])
    session.terminal.type("é語ñ\u{02}\u{7f}x\u{0b}\r")
    try session.wait("the second line") { $0.everything.contains("got [éx]") }
  }

  @Test("keys of vi, by ~/.editrc") func vi() throws {
    let folder = TemporaryDirectory()
    let editrc = try folder.write(Array("bind -v\n".utf8), to: "editrc")
    let session = try EditorSession(in: folder, environment: ["EDITRC": editrc])
    session.terminal.type("one two\u{1b}")
    // Leaving insertion takes the cursor back to the last letter.
    try session.wait("the command mode") {
      $0.rows.first == "apus> one two" && $0.cursor.column == 12
    }
    session.terminal.type("bcwthree\u{1b}0x")
    try session.waitForRows(["apus> ne three"])
    session.terminal.type("\r")
    try session.wait("the line") { $0.everything.contains("got [ne three]") }
  }

  @Test("messages come above the line, whatever it is like", arguments: [40, 80, 200] as [UInt16])
  func above(_ columns: UInt16) throws {
    let session = try EditorSession(columns: columns)
    let typed = String(repeating: "Größe 温度センサー e\u{301} ", count: 12)
    var shown: [String] = []
    for (index, character) in typed.enumerated() {
      session.terminal.type(String(character))
      if index % 5 == 0 {
        shown.append("message \(index)")
        session.print("message \(index)")
      }
    }
    let width = Int(columns)
    let block = wrapped("apus> " + typed, width)
    try session.wait("all of it") { screen in
      Array(screen.everything.suffix(block.count)) == block
    }
    let messages = session.terminal.screenNow.everything.dropLast(block.count)
    #expect(messages.map { $0 } == shown)
    session.terminal.type("\r")
    // Rows come without the blanks at their ends.
    let said = "got [\(typed)]".filter { $0 != " " }
    try session.wait("the line") {
      $0.everything.joined().filter { $0 != " " }.contains(said)
    }
    #expect(session.terminal.screenNow.unknown == [])
  }

  /// Rows by what stands in them.
  private func wrapped(_ text: String, _ columns: Int) -> [String] {
    var rows = [""]
    var width = 0
    for character in text {
      let size = ("\u{3000}"..."\u{9fff}").contains(character) ? 2 : 1
      if width + size > columns {
        rows.append("")
        width = 0
      }
      rows[rows.count - 1].append(character)
      width += size
    }
    return rows.map { row in
      var row = row
      while row.last == " " { row.removeLast() }
      return row
    }
  }

  @Test("a prompt that changes is seen at once") func prompt() throws {
    let session = try EditorSession()
    session.terminal.type("abc\u{02}")
    try session.waitForRows(["apus> abc"])
    session.print("prompt offline\u{1b}[2J> ")
    try session.waitForRows(["offline\\x1b[2J> abc"])
    session.terminal.type("X")
    try session.waitForRows(["offline\\x1b[2J> abXc"])
  }

  @Test("a pasted block is one line until Enter is pressed") func paste() throws {
    let session = try EditorSession()
    session.terminal.type("a \u{1b}[200~one\rtwo\u{1b}[31m\u{7}\u{3}\tthree\r\r\u{1b}[201~z")
    try session.wait("the block") { $0.rows.contains("two[31m threez") }
    #expect(!session.terminal.text.contains("got ["))
    session.terminal.type("\r")
    try session.wait("the block's end") { $0.rows.contains("got [a one") }
    session.terminal.type("\u{10}")
    try session.wait("the block from the history") {
      $0.rows.filter { $0 == "apus> a one" }.count == 2
    }
  }

  private func isReadInTime(_ session: EditorSession, _ row: String) -> Bool {
    do {
      try session.terminal.waitForScreen(row, within: 0.2) { $0.everything.contains(row) }
      return true
    } catch {
      return false
    }
  }

  @Test("a paste whose end mark never comes is left by Ctrl-C") func brokenPaste() throws {
    let session = try EditorSession()
    session.terminal.type("\u{1b}[200~one")
    // One that is read together with the text before it belongs to the text.
    try eventually("the interruption") {
      session.terminal.type("\u{3}")
      return isReadInTime(session, "interrupted")
    }
    session.terminal.type("two\r")
    try session.wait("the next line") { $0.everything.contains("got [two]") }
  }

  @Test("Tab puts in what is common, then lists with help") func completion() throws {
    let session = try EditorSession()
    session.terminal.type("p\t")
    try session.waitForRows(["apus> pub"])
    session.terminal.type("\t")
    try session.waitForRows([
      "publish   help for publish", "pubrec    help for pubrec", "apus> pub",
    ])
    session.terminal.type("l\tw\tr\t\r")
    try session.wait("the line") { $0.everything.contains("got [publish wähler/größe ]") }
    session.terminal.type("x\t")
    try session.wait("the bell") { $0.bells == 1 }
  }

  @Test("Ctrl-C clears the line, however often; Ctrl-D leaves") func interrupts() throws {
    let session = try EditorSession()
    session.terminal.type("abc\u{2}\u{3}\u{3}\u{3}\u{3}def\u{3}")
    try session.waitForRows([
      "apus> abc^C", "interrupted", "apus> ^C", "interrupted", "apus> ^C", "interrupted",
      "apus> ^C", "interrupted", "apus> def^C", "interrupted", "apus>",
    ])
    for _ in 0..<5 { session.program.send(SIGINT) }
    session.terminal.type("x\u{2}\u{4}\u{4}")
    #expect(try session.program.wait() == .exited(0))
    try session.wait("the end") { $0.everything.last == "end" }
    #expect(session.terminal.modes.c_lflag & tcflag_t(ECHO | ICANON | ISIG) != 0)
  }

  @Test(
    "whatever signal ends it, the terminal is as before",
    arguments: [SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGALRM, SIGUSR1, SIGSTKFLT])
  func signals(_ signal: Int32) throws {
    let session = try EditorSession()
    #expect(session.terminal.modes.c_lflag & tcflag_t(ECHO) == 0)
    #expect(session.terminal.screenNow.marksPastes)
    session.program.send(signal)
    let ending = try session.program.wait()
    #expect(ending == ([SIGTERM, SIGHUP].contains(signal) ? .exited(4) : .signaled(signal)))
    let flags = tcflag_t(ECHO | ICANON | ISIG)
    #expect(session.terminal.modes.c_lflag & flags == flags)
    try session.wait("pastes without marks") { !$0.marksPastes }
  }

  @Test("Ctrl-R finds a line of before") func search() throws {
    let session = try EditorSession()
    for line in ["publish one", "subscribe two", "third"] { session.terminal.type(line + "\r") }
    try session.wait("three lines") { $0.everything.contains("got [third]") }
    session.terminal.type("\u{12}lish")
    try session.wait("the line found") {
      $0.rows.contains("apus> publish one") && $0.rows.contains("bck:lish")
    }
    session.print("in between")
    try session.wait("a message") { $0.rows.contains("in between") }
    session.terminal.type("\r")
    try session.wait("the line again") {
      $0.everything.filter { $0 == "got [publish one]" }.count == 2
    }
    #expect(!session.terminal.rows.contains("bck:lish"))
  }

  @Test("another width leaves no stale row", arguments: [(80, 33), (80, 50), (40, 200), (33, 40)])
  func resize(_ from: Int, _ to: Int) throws {
    let session = try EditorSession(columns: UInt16(from))
    session.print("message one")
    let typed = String(repeating: "0123456789", count: 13)
    session.terminal.type(typed + "\u{1}\u{1b}[C\u{1b}[C")
    let before = ["message one"] + wrapped("apus> " + typed, from)
    try session.waitForRows(before)
    try session.wait("the cursor") { $0.cursor.row == 1 && $0.cursor.column == 8 }
    session.terminal.resizeScreen(columns: to)
    session.terminal.resize(rows: 24, columns: UInt16(to))
    try session.waitForRows(["message one"] + wrapped("apus> " + typed, to))
    session.terminal.type("\u{5}")
    session.print("message two")
    try session.waitForRows(["message one", "message two"] + wrapped("apus> " + typed, to))
  }

  @Test("a line higher than the screen shows the part around the cursor") func high() throws {
    let session = try EditorSession(columns: 40)
    let lines = (1...60).map { "line \($0)" }
    session.terminal.type("\u{1b}[200~" + lines.joined(separator: "\r") + "\u{1b}[201~")
    try session.wait("the end") { $0.rows.last == "line 60" }
    session.print("above")
    session.terminal.type("\u{1}")
    session.terminal.type("\r")
    try session.wait("all of it") { $0.rows.contains("line 60]") }
  }
}
