import Foundation
import TestSupport
import Testing

/// SUBSCRIBE, UNSUBSCRIBE, acknowledgements and DISCONNECT byte for byte.
@Suite("Drop-in: SUBSCRIBE") struct DropInSubscribeTests {
  static let connect = DropInPublishTests.connect
  static let connect31 = DropInPublishTests.connect31
  static let connect5 = DropInPublishTests.connect5
  static let one5 = "10 10 0004 4d515454 05 02 003c 03 210001 0000"

  static let rows: [WireRow] = [
    WireRow("sub -t a -E", connect, "82 06 0001 0001 61 00", "e0 00"),
    WireRow("sub --topic a -E", connect, "82 06 0001 0001 61 00", "e0 00"),
    WireRow("sub -i x -V 31 -t a -E -q 1", connect31, "82 06 0001 0001 61 01", "e0 00"),
    WireRow("sub -t a/+ -t # -E -q 2", connect, "82 0c 0001 0003 612f2b 02 0001 23 02", "e0 00"),
    WireRow("sub -V 5 -t a -t b -E", connect5, "82 0b 0001 00 0001 61 00 0001 62 00", "e0 00"),
    WireRow("sub -V 5 -t a -E --qos 1", connect5, "82 07 0001 00 0001 61 01", "e0 00"),
    WireRow(
      "sub -V 5 -t a -E -q 2 --retain-as-published", connect5, "82 07 0001 00 0001 61 0a", "e0 00"),
    WireRow(
      "sub -V 5 -t a -E --retain-handling always", connect5, "82 07 0001 00 0001 61 00", "e0 00"),
    WireRow(
      "sub -V 5 -t a -E --retain-handling new", connect5, "82 07 0001 00 0001 61 10", "e0 00"),
    WireRow(
      "sub -V 5 -t a -E --retain-handling never", connect5, "82 07 0001 00 0001 61 20", "e0 00"),
    WireRow("sub -V 5 -t a -E -R", connect5, "82 07 0001 00 0001 61 20", "e0 00"),
    // What is behind overwrites the same bits.
    WireRow(
      "sub -V 5 -t a -E -R --retain-handling new", connect5, "82 07 0001 00 0001 61 10", "e0 00"),
    // Below MQTT 5 there are no such options.
    WireRow("sub -t a -E -R --retain-as-published", connect, "82 06 0001 0001 61 00", "e0 00"),
    WireRow("sub -t a -U b -E", connect, "82 06 0001 0001 61 00", "a2 05 0002 0001 62", "e0 00"),
    WireRow(
      "sub -t a -U b --unsubscribe c/# -E", connect, "82 06 0001 0001 61 00", "a2 05 0002 0001 62",
      "a2 07 0003 0003 632f23", "e0 00"),
    WireRow("sub -V 5 -U b -E", connect5, "a2 06 0001 00 0001 62", "e0 00"),
    WireRow("sub -t $share/g/a -E", connect, "82 0f 0001 000a 2473686172652f672f61 00", "e0 00"),
  ]

  @Test("SUBSCRIBE and UNSUBSCRIBE", arguments: rows)
  func subscribe(_ row: WireRow) throws { try row.check() }

  /// A message that comes with SUBACK, and what is said to it.
  private func check(
    _ words: String, _ publish: String, output: String, _ packets: String...
  ) throws {
    let isV5 = words.contains("-V 5")
    let subAck = isV5 ? "90 04 0001 00 02" : "90 03 0001 02"
    let conversation = try Conversation(
      ToolLine("sub -t a -q 2 \(words)"), answers: [.subscribe: subAck + publish])
    #expect(conversation.result.ending == .exited(0), "\(conversation.result.errors)")
    #expect(conversation.result.text == output)
    #expect(
      conversation.packets.dropFirst(2).joined(separator: " ") == packets.joined(separator: " "))
  }

  @Test("QoS 0") func qos0() throws {
    try check("-C 1", "30 04 0001 61 62", output: "b\n", "e000")
    try check("-V 5 -C 1", "30 05 0001 61 00 62", output: "b\n", "e000")
  }

  @Test("QoS 1: PUBACK") func qos1() throws {
    try check("-C 1", "32 06 0001 61 0007 62", output: "b\n", "40020007", "e000")
    try check("-V 5 -C 1", "32 07 0001 61 0007 00 62", output: "b\n", "40020007", "e000")
    try check("-i x -V 31 -C 1", "32 06 0001 61 0007 62", output: "b\n", "40020007", "e000")
  }

  @Test("QoS 2: PUBREC and PUBCOMP") func qos2() throws {
    try check("-C 1", "34 06 0001 61 0007 62", output: "b\n", "50020007", "70020007", "e000")
    try check(
      "-V 5 -C 1", "34 07 0001 61 0007 00 62", output: "b\n", "50020007", "70020007", "e000")
  }

  @Test("-T: what is filtered out does not count") func filteredOut() throws {
    try check("-T b -C 1", "30 04 0001 62 78 30 04 0001 61 79", output: "y\n", "e000")
  }

  @Test("--retained-only ends with the first message that is not") func retainedOnly() throws {
    try check("--retained-only", "31 04 0001 61 78 30 04 0001 61 79", output: "x\n", "e000")
  }

  @Test("-R: retained messages are not shown") func noRetained() throws {
    try check("-R -C 1", "31 04 0001 61 78 30 04 0001 61 79", output: "y\n", "e000")
  }

  @Test("a topic alias is resolved") func alias() throws {
    try check(
      "-V 5 -v -C 2 -D connect topic-alias-maximum 5",
      "30 08 0001 61 03 230001 78 30 07 0000 03 230001 79", output: "a x\na y\n", "e000")
  }
}
