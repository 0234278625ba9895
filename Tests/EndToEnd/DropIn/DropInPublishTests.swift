import TestSupport
import Testing

/// PUBLISH, its handshakes and DISCONNECT byte for byte.
@Suite("Drop-in: PUBLISH") struct DropInPublishTests {
  static let connect = "10 0c 0004 4d515454 04 02 003c 0000"
  static let connect31 = "10 0f 0006 4d5149736470 03 02 003c 0001 78"
  static let connect5 = "10 10 0004 4d515454 05 02 003c 03 210014 0000"

  static let rows: [WireRow] = [
    WireRow("pub -t a -m b", connect, "30 04 0001 61 62", "e0 00"),
    WireRow("pub --topic a --message b", connect, "30 04 0001 61 62", "e0 00"),
    WireRow("pub -t a -t b/c -m b", connect, "30 06 0003 622f63 62", "e0 00"),
    WireRow("pub -t a -m ''", connect, "30 03 0001 61", "e0 00"),
    WireRow("pub -t a -n", connect, "30 03 0001 61", "e0 00"),
    WireRow("pub -t a --null-message -r", connect, "31 03 0001 61", "e0 00"),
    WireRow("pub -t a -m b -r", connect, "31 04 0001 61 62", "e0 00"),
    WireRow("pub -t a -m b --retain -q 1", connect, "33 06 0001 61 0001 62", "e0 00"),
    WireRow("pub -t a -m b -q 0", connect, "30 04 0001 61 62", "e0 00"),
    WireRow("pub -t a -m b -q 1", connect, "32 06 0001 61 0001 62", "e0 00"),
    WireRow("pub -t a -m b --qos 2", connect, "34 06 0001 61 0001 62", "62 02 0001", "e0 00"),
    WireRow("pub -t a -m b -q abc", connect, "30 04 0001 61 62", "e0 00"),
    WireRow("pub -t a -m <ff><0a> -q 1x", connect, "32 07 0001 61 0001 ff0a", "e0 00"),
    WireRow("pub -i x -V 31 -t a -m b", connect31, "30 04 0001 61 62", "e0 00"),
    WireRow("pub -i x -V 31 -t a -m b -q 1", connect31, "32 06 0001 61 0001 62", "e0 00"),
    WireRow(
      "pub -i x -V 31 -t a -m b -q 2", connect31, "34 06 0001 61 0001 62", "62 02 0001", "e0 00"),
    WireRow("pub -V 5 -t a -m b", connect5, "30 05 0001 61 00 62", "e0 00"),
    WireRow("pub -V 5 -t a -m b -q 1 -r", connect5, "33 07 0001 61 0001 00 62", "e0 00"),
    WireRow(
      "pub -V 5 -t a -m b -q 2", connect5, "34 07 0001 61 0001 00 62", "62 02 0001", "e0 00"),
    WireRow(
      "pub -t a -m b --repeat 3", connect, "30 04 0001 61 62", "30 04 0001 61 62",
      "30 04 0001 61 62", "e0 00"),
    WireRow(
      "pub -t a -m b --repeat 2 --repeat-delay 0.1", connect, "30 04 0001 61 62",
      "30 04 0001 61 62", "e0 00"),
    WireRow("pub -t a -n --repeat 2", connect, "30 03 0001 61", "30 03 0001 61", "e0 00"),
    WireRow(
      "pub -t a -m b --repeat 2 -q 1", connect, "32 06 0001 61 0001 62", "32 06 0001 61 0002 62",
      "e0 00"),
    WireRow("pub -t a -f /dev/null", connect, "30 03 0001 61", "e0 00"),
    WireRow(
      "pub -t a -s", input: .bytes(Array("x\ny\n".utf8)), connect, "30 07 0001 61 780a790a",
      "e0 00"),
    WireRow(
      "pub -t a --stdin-file", input: .bytes([0, 0xff]), connect, "30 05 0001 61 00ff", "e0 00"),
    WireRow(
      "pub -t a -l", input: .bytes(Array("x\r\n\ny".utf8)), connect, "30 05 0001 61 780d",
      "30 03 0001 61", "30 04 0001 61 79", "e0 00"),
    WireRow(
      "pub -t a --stdin-line -q 1", input: .bytes(Array("x\ny\n".utf8)), connect,
      "32 06 0001 61 0001 78", "32 06 0001 61 0002 79", "e0 00"),
    WireRow("pub -t a -l", input: .bytes([]), connect, "e0 00"),
    // A broker without retained messages is not asked for them.
    WireRow(
      "pub -V 5 -t a -m b -r", answers: [.connect: "20 05 00 00 02 25 00"], connect5,
      "30 05 0001 61 00 62", "e0 00"),
    // The broker's window is kept to.
    WireRow(
      "pub -V 5 -t a -m b -q 1 --repeat 2", answers: [.connect: "20 06 00 00 03 21 0001"],
      connect5, "32 07 0001 61 0001 00 62", "32 07 0001 61 0002 00 62", "e0 00"),
    // The server names the client.
    WireRow(
      "pub -V 5 -t a -m b", answers: [.connect: "20 07 00 00 04 12 0001 78"], connect5,
      "30 05 0001 61 00 62", "e0 00"),
  ]

  @Test("PUBLISH", arguments: rows)
  func publish(_ row: WireRow) throws { try row.check() }

  @Test("-f: the whole file", arguments: ["-f", "--file"]) func file(_ option: String) throws {
    let folder = TemporaryDirectory()
    let path = try folder.write(Array("x\ny\n".utf8), to: "file")
    try WireRow(
      ToolLine("pub -t a \(option) \(path)"), Self.connect, "30 07 0001 61 780a790a", "e0 00"
    ).check()
  }

  @Test("65 KB in one word") func large() throws {
    let text = String(repeating: "x", count: 65_000)
    let conversation = try Conversation(ToolLine("pub -t a -m \(text)"))
    #expect(conversation.result.ending == .exited(0))
    let packet = "30ebfb03" + "000161" + String(repeating: "78", count: 65_000)
    #expect(conversation.packets.count == 3 && conversation.packets[1] == packet)
  }

  @Test("--unix") func unix() throws {
    let broker = try Mosquitto(["listener 0 DIR/socket", "allow_anonymous true"])
    let path = broker.directory.file("socket")
    let subscriber = try ToolLine("sub -t a -C 1 -d").start(port: broker.port)
    try subscriber.waitForOutput("Subscribed")
    let result = try ToolLine("pub --unix \(path) -t a -m b").run()
    #expect(result == ToolResult(ending: .exited(0), output: [], errors: ""))
    #expect(try subscriber.text().contains("\nb\n"))
  }
}
