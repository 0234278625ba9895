import TestSupport
import Testing

/// `-d`: mosquitto's log lines on standard output.
@Suite("Drop-in: -d and --quiet") struct DropInDebugTests {
  static let opening = "Client x sending CONNECT\nClient x received CONNACK (0)\n"
  static let closing = "Client x sending DISCONNECT\n"

  static let publishers: [(String, String)] = [
    ("-q 0", "Client x sending PUBLISH (d0, q0, r0, m1, 'a', ... (5 bytes))\n"),
    (
      "-q 1 -r",
      """
      Client x sending PUBLISH (d0, q1, r1, m1, 'a', ... (5 bytes))
      Client x received PUBACK (Mid: 1, RC:0)

      """
    ),
    (
      "-q 2",
      """
      Client x sending PUBLISH (d0, q2, r0, m1, 'a', ... (5 bytes))
      Client x received PUBREC (Mid: 1)
      Client x sending PUBREL (m1)
      Client x received PUBCOMP (Mid: 1, RC:0)

      """
    ),
    (
      "-V 5 --repeat 2",
      """
      Client x sending PUBLISH (d0, q0, r0, m1, 'a', ... (5 bytes))
      Client x sending PUBLISH (d0, q0, r0, m2, 'a', ... (5 bytes))

      """
    ),
  ]

  @Test("a publisher", arguments: publishers)
  func publisher(_ words: String, _ lines: String) throws {
    let result = try Conversation(ToolLine("pub -i x -t a -m hello -d \(words)")).result
    #expect(result.text == Self.opening + lines + Self.closing)
    #expect(result.errors.isEmpty)
  }

  static let subscribers: [(String, String)] = [
    (
      "-t a -t b/# -q 1 -E",
      """
      Client x sending SUBSCRIBE (Mid: 1, Topic: a, QoS: 1, Options: 0x00)
      Client x sending SUBSCRIBE (Mid: 1, Topic: b/#, QoS: 1, Options: 0x00)
      Client x received SUBACK
      Subscribed (mid: 1): 1, 1

      """
    ),
    (
      "-V 5 -t a -E -R --retain-as-published",
      """
      Client x sending SUBSCRIBE (Mid: 1, Topic: a, QoS: 0, Options: 0x28)
      Client x received SUBACK
      Subscribed (mid: 1): 0

      """
    ),
  ]

  @Test("a subscriber", arguments: subscribers)
  func subscriber(_ words: String, _ lines: String) throws {
    let result = try Conversation(ToolLine("sub -i x --debug \(words)")).result
    #expect(result.text == Self.opening + lines + Self.closing)
    #expect(result.errors.isEmpty)
  }

  @Test("what a subscriber receives stands among it in its order") func received() throws {
    let result = try Conversation(
      "sub -i x -d -t a -q 2 -C 2",
      answers: [.subscribe: "90 03 0001 02 32 06 0001 61 0007 62 30 04 0001 61 63"]
    ).result
    let lines = """
      Client x sending SUBSCRIBE (Mid: 1, Topic: a, QoS: 2, Options: 0x00)
      Client x received SUBACK
      Subscribed (mid: 1): 2
      Client x received PUBLISH (d0, q1, r0, m7, 'a', ... (1 bytes))
      b
      Client x received PUBLISH (d0, q0, r0, m0, 'a', ... (1 bytes))
      c

      """
    // The acknowledgement may leave a little later.
    let text = result.text.replacing("Client x sending PUBACK (m7, rc0)\n", with: "")
    #expect(text == Self.opening + lines + Self.closing)
    #expect(text != result.text)
  }

  @Test("no identifier is called null, until the broker gives one") func names() throws {
    let first = try Conversation("pub -t a -m b -d").result.text
    #expect(first.hasPrefix("Client null sending CONNECT\nClient null received CONNACK (0)\n"))
    let second = try Conversation(
      "pub -V 5 -t a -m b -d", answers: [.connect: "20 08 00 00 05 12 0002 6964"]
    ).result.text
    #expect(second.hasPrefix("Client null sending CONNECT\nClient id received CONNACK (0)\n"))
    #expect(second.hasSuffix("Client id sending DISCONNECT\n"))
  }

  @Test(
    "--quiet says nothing about the run", arguments: [("pub -q 1 -t a -m b", 5), ("sub -t a", 5)])
  func quiet(_ line: String, _ status: Int32) throws {
    let result = try Conversation(
      ToolLine("\(line) --quiet"), answers: [.connect: "20 02 00 05"]
    ).result
    #expect(result == ToolResult(ending: .exited(status), output: [], errors: ""))
  }

  @Test("--quiet and -W") func quietTimeOut() throws {
    let result = try Conversation("sub --quiet -t a -W 1").result
    #expect(result == ToolResult(ending: .exited(27), output: [], errors: ""))
  }
}
