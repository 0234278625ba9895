import TestSupport
import Testing

/// `mosquitto_rr`: bytes on the wire, answers and statuses.
@Suite("Drop-in: rr") struct DropInRequestTests {
  static let connect = "10 10 0004 4d515454 05 02 003c 03 210001 0000"
  static let connect3 = "10 0c 0004 4d515454 04 02 003c 0000"
  static let answer5 = "30 05 0001 62 00 79"

  static let rows: [(line: String, publish: String, output: String, packets: [String])] = [
    (
      "rr -t a -e b -m x", answer5, "y\n",
      [connect, "82 07 0001 00 0001 62 00", "30 09 0001 61 04 08 0001 62 78"]
    ),
    (
      "rr -t a -e b -m x -v", answer5, "b y\n",
      [connect, "82 07 0001 00 0001 62 00", "30 09 0001 61 04 08 0001 62 78"]
    ),
    (
      "rr -t a -e b -n -F %t:%p", answer5, "b:y\n",
      [connect, "82 07 0001 00 0001 62 00", "30 08 0001 61 04 08 0001 62"]
    ),
    (
      "rr -t a -e b -m x -D publish correlation-data c", answer5, "y\n",
      [connect, "82 07 0001 00 0001 62 00", "30 0d 0001 61 08 09 0001 63 08 0001 62 78"]
    ),
    (
      "rr -V 311 -t a -e b -m x", "30 04 0001 62 79", "y\n",
      [connect3, "82 06 0001 0001 62 00", "30 04 0001 61 78"]
    ),
    (
      "rr -V 311 -t a -e b -m x", "30 03 0001 62", "",
      [connect3, "82 06 0001 0001 62 00", "30 04 0001 61 78"]
    ),
  ]

  /// The first message on the response topic is the answer, whatever correlation it has.
  @Test("a request and its answer", arguments: rows.indices)
  func answered(_ index: Int) throws {
    let row = Self.rows[index]
    let conversation = try Conversation(ToolLine(row.line), answers: [.publish: row.publish])
    #expect(
      conversation.result
        == ToolResult(ending: .exited(0), output: Array(row.output.utf8), errors: ""))
    let wanted = row.packets.map { $0.filter { $0 != " " } } + ["e000"]
    let heard = conversation.packets
    #expect(heard.count == wanted.count)
    for (heard, wanted) in zip(heard, wanted) { #expect(heard == wanted) }
  }

  @Test("an answer in one piece with SUBACK") func together() throws {
    let conversation = try Conversation(
      "rr -V 311 -t a -e b -m x", answers: [.subscribe: "90 03 0001 00 30 04 0001 62 79"])
    #expect(conversation.result.ending == .exited(0))
    #expect(conversation.result.text == "y\n")
    #expect(conversation.packets.contains("30040001" + "6178"))
  }

  @Test("an answer is one, though the request was never acknowledged") func unacknowledged() throws
  {
    let conversation = try Conversation(
      "rr -t a -e b -m x -q 1", answers: [.publish: Self.answer5 + "close"])
    #expect(
      conversation.result
        == ToolResult(ending: .exited(0), output: Array("y\n".utf8), errors: ""))
  }

  @Test("--retain-handling") func retainHandling() throws {
    let conversation = try Conversation(
      "rr -t a -e b -m x --retain-handling never", answers: [.publish: Self.answer5])
    #expect(conversation.result.text == "y\n")
    #expect(conversation.packets[1] == "8207" + "0001000001" + "6220")
  }

  @Test("-W: DISCONNECT with will, 27") func timeOut() throws {
    let conversation = try Conversation("rr -t a -e b -m x -W 1")
    #expect(
      conversation.result == ToolResult(ending: .exited(27), output: [], errors: "Timed out\n"))
    #expect(conversation.packets.last == "e00104")
  }

  @Test("a refused subscription: status 0") func refused() throws {
    let conversation = try Conversation(
      "rr -t a -e b -m x", answers: [.subscribe: "90 04 0001 00 87"])
    #expect(
      conversation.result == ToolResult(ending: .exited(0), output: [], errors: "Not authorized\n"))
    #expect(!conversation.packets.contains { $0.hasPrefix("3") })
  }

  @Test("a second response topic") func twice() throws {
    let result = try ToolLine("rr -t a -e b -m c -D publish response-topic x").run()
    #expect(result.ending == .exited(1))
    #expect(result.errors.hasPrefix("Error in PUBLISH properties: Duplicate response topic.\n"))
  }

  @Test("CONNACK refuses") func connAck() throws {
    let result = try Conversation("rr -t a -e b -m x", answers: [.connect: "20 03 00 87 00"]).result
    #expect(result.ending == .exited(135))
    #expect(result.errors == "Connection error: Not authorized\n")
  }

  @Test("--latency") func latency() throws {
    let result = try Conversation(
      "rr -t a -e b -m x --latency", answers: [.publish: Self.answer5]
    ).result
    #expect(result.ending == .exited(0))
    #expect(
      try /^y\nLatency: [0-9.]+(ns|µs|ms)?\n$/.firstMatch(in: result.text) != nil, "\(result.text)")
  }
}
