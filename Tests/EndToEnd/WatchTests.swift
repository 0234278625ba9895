import Foundation
import TestSupport
import Testing

/// `--watch` and `--message-rate`.
@Suite("--watch") struct WatchTests {
  let broker: Mosquitto
  let topic = Shared.name("watch/")

  init() throws { broker = try Shared.broker.get() }

  /// A subscriber on a terminal that shows its first line.
  private func watch(
    _ words: [String] = ["--watch"], rows: UInt16 = 24, columns: UInt16 = 40
  ) throws -> (PseudoTerminal, RunningProgram) {
    let terminal = try PseudoTerminal(rows: rows, columns: columns)
    let id = Shared.name("s")
    let start = broker.log.utf8.count
    let program = try RunningProgram(
      [Program.apus, "sub", "-i", id, "-t", "\(topic)/#"] + words + broker.address,
      output: terminal.end)
    try broker.waitForLog("Sending SUBACK to \(id)\n", after: start)
    try terminal.waitForText("\u{1b}[2J\u{1b}[1;1HBroker: 12")
    return (terminal, program)
  }

  private func publish(_ name: String, _ payload: String) throws {
    try broker.publish(.apus, ["-t", "\(topic)/\(name)", "-m", payload])
  }

  @Test func `each topic keeps its line`() throws {
    let (terminal, program) = try watch()
    try terminal.waitForText("Broker: 127.0.0.1\u{1b}[K")
    try publish("a", "one")
    try terminal.waitForText("\u{1b}[2;1H\(topic)/a one\u{1b}[K")
    try publish("b", "two\nlines\t\u{1b}[2J")
    try terminal.waitForText("\u{1b}[3;1H\(topic)/b two\\nlines\\t\\x1b[2")
    try publish("a", "three")
    try terminal.waitForText("\u{1b}[2;1H\(topic)/a three\u{1b}[K")
    program.send(SIGINT)
    #expect(try program.wait() == .exited(0))
    #expect(try terminal.finish().suffix(6) == Array("\u{1b}[4;1H".utf8), "below it all")
  }

  @Test func `a line ends with the screen's, in columns`() throws {
    let (terminal, program) = try watch(["-w", "-F", #"\e[31m%p"#], columns: 10)
    try publish("a", "0123456789ABC")
    try terminal.waitForText("\u{1b}[2;1H\u{1b}[31m0123456789\u{1b}[m\u{1b}[3;1H")
    try publish("a", "你好你好你好")
    try terminal.waitForText("\u{1b}[2;1H\u{1b}[31m你好你好你\u{1b}[m\u{1b}[3;1H")
    try publish("a", "0123456789")
    try terminal.waitForText("\u{1b}[31m0123456789\u{1b}[3;1H")
    program.send(SIGTERM)
    #expect(try program.wait() == .exited(0))
  }

  @Test func `topics without room are counted, and a larger screen has room`() throws {
    let (terminal, program) = try watch(["-w", "-F", "%p"], rows: 4)
    for name in ["a", "b", "c", "d"] { try publish(name, "<\(name)>") }
    try terminal.waitForText("\u{1b}[3;1H<b>")
    try terminal.waitForText("\u{1b}[4;1H… and 2 more")
    #expect(!terminal.text.contains("<c>"))
    terminal.resize(rows: 10, columns: 40)
    try publish("c", "<again>")
    try terminal.waitForText("\u{1b}[2J")
    try terminal.waitForText("\u{1b}[2;1H<a>\u{1b}[K\u{1b}[3;1H<b>\u{1b}[K\u{1b}[4;1H<again>")
    program.send(SIGINT)
    #expect(try program.wait() == .exited(0))
    #expect(try terminal.finish().suffix(6) == Array("\u{1b}[6;1H".utf8))
  }

  @Test(
    "a screen of any size", arguments: [(0, 0), (1, 1), (2, 1), (1, 300)] as [(UInt16, UInt16)])
  func small(_ rows: UInt16, _ columns: UInt16) throws {
    let terminal = try PseudoTerminal(rows: rows, columns: columns)
    let program = try RunningProgram(
      [Program.apus, "sub", "-t", "\(topic)/#", "-w", "-C", "2"] + broker.address,
      output: terminal.end)
    try terminal.waitForText("\u{1b}[2J")
    try eventually("both messages") {
      try publish("a", "x")
      return program.hasEnded
    }
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
  }

  @Test func `a pipe has every message, and no end of rows`() throws {
    let subscriber = try broker.subscriber(
      .apus, ["-t", "\(topic)/#", "-w", "-C", "2", "-F", "%p"])
    try publish("a", "1")
    try publish("a", "2")
    #expect(
      try subscriber.text()
        == "\u{1b}[2J\u{1b}[1;1HBroker: 127.0.0.1\u{1b}[K\n\u{1b}[2;1H1\u{1b}[K\u{1b}[2;1H2\u{1b}[K\u{1b}[3;1H"
    )
  }

  @Test func `the rate of each second, silent ones too`() throws {
    let subscriber = try broker.subscriber(
      .apus, ["-t", "\(topic)/#", "--message-rate", "--watch", "-C", "11"])
    try broker.publish(.apus, ["-t", "\(topic)/a", "-l"], input: .bytes(numberedLines(10)))
    try subscriber.waitForOutput("10 msgs/s\n0 msgs/s\n")
    try publish("a", "x")
    #expect(try subscriber.text().wholeMatch(of: /10 msgs\/s\n(0 msgs\/s\n)+/) != nil)
  }
}
