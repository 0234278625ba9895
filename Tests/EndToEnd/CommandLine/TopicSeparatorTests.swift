import TestSupport
import Testing

/// `pub -l --topic-separator CHAR`.
@Suite("--topic-separator") struct TopicSeparatorTests {
  let broker: Mosquitto
  let topic = Shared.name("separator/")

  init() throws { broker = try Shared.broker.get() }

  @Test(
    "topic and payload in each line",
    arguments: [("-l", "\\t", "\t", "\n"), ("-0", ",", ",", "\0")])
  func lines(_ mode: String, _ word: String, _ character: String, _ end: String) throws {
    let subscriber = try broker.subscriber(
      .apus, ["-t", "\(topic)/#", "-q", "1", "-C", "4", "-F", "%t|%p"])
    let lines = ["a", "a", "b c", "a"].enumerated().map { number, name in
      "\(topic)/\(name)\(character)\(number)\(character)x"
    }
    try broker.publish(
      .apus, [mode, "--topic-separator", word, "-q", "1"],
      input: .bytes(Array((lines.joined(separator: end)).utf8)))
    #expect(
      try subscriber.text()
        == ["a", "a", "b c", "a"].enumerated().map { number, name in
          "\(topic)/\(name)|\(number)\(character)x\n"
        }.joined())
  }

  @Test func `sub -v copies into pub`() throws {
    let source = try broker.subscriber(.apus, ["-t", "\(topic)/#", "-q", "1", "-C", "100", "-v"])
    try broker.publish(
      .apus, ["-t", "\(topic)/x", "-q", "1", "-l"], input: .bytes(numberedLines(100)))
    let lines = try source.text().replacing(topic, with: "\(topic)/copy")
    let reader = try broker.subscriber(.apus, ["-t", "\(topic)/copy/x", "-q", "1", "-C", "100"])
    try broker.publish(
      .apus, ["-l", "--topic-separator", " ", "-q", "1"], input: .bytes(Array(lines.utf8)))
    #expect(try reader.output() == numberedLines(100))
  }

  @Test func `a line without a topic is reported and the others are sent`() throws {
    let subscriber = try broker.subscriber(.apus, ["-t", topic, "-C", "2", "-v"])
    let lines = ["\(topic) x", "none", " y", "a/# z", "", "\(topic) "]
    let program = try RunningProgram(
      [Program.apus, "pub", "-l", "--topic-separator", " "] + broker.address,
      input: .bytes(Array(lines.joined(separator: "\n").utf8) + Array("\n\u{ff}".utf8)))
    #expect(try program.wait() == .exited(1))
    let told = program.errorText.split(separator: "\n").map { $0.prefix(17) }
    #expect(told == [2, 3, 4, 5, 7].map { "apus pub: line \($0):" })
    #expect(try subscriber.text() == "\(topic) x\n\(topic) \n")
  }

  @Test func `topics of any length`() throws {
    let long = String(repeating: "x", count: 65_536)
    let program = try RunningProgram(
      [Program.apus, "pub", "-l", "--topic-separator", ","] + broker.address,
      input: .bytes(Array("\(long),y\n".utf8)))
    #expect(try program.wait() == .exited(1))
    #expect(program.errorText.contains("65536 bytes") && program.errorText.utf8.count < 200)
  }

  static let wrong = [
    WrongLine("with -t", "pub -l -t a --topic-separator ,", says: "--topic-separator", "-t"),
    WrongLine("with -m", "pub -m x --topic-separator ,", says: "--topic-separator", "-l"),
    WrongLine("two bytes", "pub -l --topic-separator ab", says: "'ab'", "one byte"),
    WrongLine("none", "pub -l --topic-separator ''", says: "--topic-separator", "one byte"),
    WrongLine("a newline", "pub", words("-l", "--topic-separator", "\n"), says: "lines end with"),
  ]

  @Test(arguments: wrong) func refused(_ row: WrongLine) throws { try row.check() }
}
