import Foundation
import TestSupport
import Testing

/// Options that show only while messages flow: `--ws`, `--proxy`, `--watch`, `--message-rate`,
/// `--random-filter` and `--remove-retained`.
@Suite("Drop-in: on the way and at run time") struct DropInRunTests {
  /// SUBACK, and messages at QoS 0 on topic `a` with one byte each.
  private static func arrivals(_ payloads: some Sequence<UInt8>) -> String {
    "90 03 0001 00"
      + payloads.map { "30 04 0001 61 " + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func port(_ way: ReachableBroker.Way) throws -> [String] {
    ["-h", "127.0.0.1", "-p", String(try Reach.broker.get().port(way))]
  }

  /// A retained message is put there and read back through `words`, whose first half may be a way in.
  private func checkRoundTrip(_ words: [String]) throws {
    let topic = Shared.name("drop-in/")
    let text = "through \(words[0])"
    let put = try RunningProgram(
      [Links.path + "/mosquitto_pub", "-t", topic, "-m", text, "-r", "-q", "1"] + words)
    #expect(try put.wait() == .exited(0), "\(put.errorText)")
    let got = try RunningProgram([Links.path + "/mosquitto_sub", "-t", topic, "-C", "1"] + words)
    #expect(try got.wait() == .exited(0), "\(got.errorText)")
    #expect(got.outputSoFar == Array((text + "\n").utf8))
    #expect(put.errorText + got.errorText == "")
  }

  @Test("--ws") func webSocket() throws {
    try checkRoundTrip(["--ws"] + Self.port(.ws))
  }

  @Test("--ws with --cafile") func secureWebSocket() throws {
    try checkRoundTrip(["--ws", "--cafile", Reach.broker.get().authority] + Self.port(.wss))
  }

  @Test("--proxy") func proxy() throws {
    let broker = try Reach.broker.get()
    let name = "socks5h://127.0.0.1:\(broker.socks)"
    try checkRoundTrip(["--proxy", name] + Self.port(.tcp))
    let login = "socks5h://user:pass%3Aword@127.0.0.1:\(broker.socksWithLogin)"
    try checkRoundTrip(["--proxy", login] + Self.port(.tcp))
  }

  @Test("--watch", arguments: ["-w", "--watch"]) func watch(_ flag: String) throws {
    let conversation = try Conversation(
      ToolLine("sub -t a \(flag) -F %p -C 3"),
      answers: [.subscribe: Self.arrivals([0x78, 0x79, 0x7a])])
    let text = conversation.result.text
    #expect(conversation.result.ending == .exited(0))
    #expect(text.hasPrefix("\u{1b}[2J\u{1b}[1;1HBroker: "), "\(text.debugDescription)")
    for payload in ["x", "y", "z"] { #expect(text.contains("\u{1b}[2;1H\(payload)")) }
  }

  @Test("--message-rate") func messageRate() throws {
    let conversation = try Conversation(
      "sub -t a --message-rate -W 2", answers: [.subscribe: Self.arrivals([1, 2, 3])])
    #expect(conversation.result.ending == .exited(27))
    let lines = conversation.result.text.split(separator: "\n")
    #expect(lines.first == "3 msgs/s")
    #expect(lines.dropFirst().allSatisfy { $0 == "0 msgs/s" })
  }

  @Test("--random-filter: what is left out counts") func randomFilter() throws {
    let all = Self.arrivals([UInt8](repeating: 0x78, count: 200))
    let every = try Conversation(
      "sub -t a --random-filter 100 -C 200", answers: [.subscribe: all])
    #expect(every.result.text == String(repeating: "x\n", count: 200))
    let half = try Conversation("sub -t a --random-filter 50 -C 200", answers: [.subscribe: all])
    #expect(half.result.ending == .exited(0))
    // Out of this range once in 10^18 runs.
    #expect((80...320).contains(half.result.output.count))
  }

  @Test("what a server adds without being asked is shown") func unasked() throws {
    let conversation = try Conversation(
      "sub -V 5 -t a -C 2 -F %A:%S:%t",
      answers: [.subscribe: "90 04 0001 00 00 30 07 0001 61 02 0b07 78 30 08 0001 61 03 230001 79"])
    #expect(conversation.result.text == ":7:a\n1::a\n")
    #expect(conversation.result.ending == .exited(0), "\(conversation.result.errors)")
  }

  @Test("--remove-retained: an empty one at QoS 1 for each") func removeRetained() throws {
    let conversation = try Conversation(
      "sub -t a --remove-retained -T b -C 2",
      answers: [.subscribe: "90 03 0001 00 31 04 0001 62 78 30 04 0001 61 79 31 04 0001 61 7a"])
    #expect(conversation.result.text == "y\nz\n")
    #expect(conversation.packets.dropFirst(2) == ["33050001610002", "e000"])
  }
}
