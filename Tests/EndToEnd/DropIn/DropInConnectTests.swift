import Foundation
import TestSupport
import Testing

/// CONNECT byte for byte, in 3.1, 3.1.1 and 5.
@Suite("Drop-in: CONNECT") struct DropInConnectTests {
  static let v31 = "0006 4d5149736470 03"
  static let v311 = "0004 4d515454 04"
  static let v5 = "0004 4d515454 05"

  /// A publisher that sends `b` to `a`.
  private static func pub(_ words: String, _ connect: String) -> WireRow {
    let isV5 = connect.contains(v5)
    return WireRow(
      ToolLine("pub -t a -m b \(words)"), connect,
      isV5 ? "30 05 0001 61 00 62" : "30 04 0001 61 62", "e0 00")
  }

  private static func sub(_ words: String, _ connect: String) -> WireRow {
    let isV5 = connect.contains(v5)
    return WireRow(
      ToolLine("sub -t a -E \(words)"), connect,
      isV5 ? "82 07 0001 00 0001 61 00" : "82 06 0001 0001 61 00", "e0 00")
  }

  static let rows: [WireRow] = [
    pub("", "10 0c \(v311) 02 003c 0000"),
    sub("", "10 0c \(v311) 02 003c 0000"),
    pub("-V 311", "10 0c \(v311) 02 003c 0000"),
    pub("-V mqttv311", "10 0c \(v311) 02 003c 0000"),
    pub("-V 5", "10 10 \(v5) 02 003c 03 210014 0000"),
    pub("-V mqttv5", "10 10 \(v5) 02 003c 03 210014 0000"),
    sub("-V 5", "10 10 \(v5) 02 003c 03 210014 0000"),
    // MQTT 3.1 knows no empty client identifier: `mosq-` and 18 letters.
    pub("-V 31", "10 25 \(v31) 02 003c 0017 6d6f73712d *"),
    pub("-V mqttv31", "10 25 \(v31) 02 003c 0017 6d6f73712d *"),
    pub("-V 31 -i x", "10 0f \(v31) 02 003c 0001 78"),
    pub("-i name", "10 10 \(v311) 02 003c 0004 6e616d65"),
    pub("--id name -V 5", "10 14 \(v5) 02 003c 03 210014 0004 6e616d65"),
    pub("-k 5", "10 0c \(v311) 02 0005 0000"),
    pub("--keepalive 65535", "10 0c \(v311) 02 ffff 0000"),
    pub("-k 60x", "10 0c \(v311) 02 003c 0000"),
    pub("-u me", "10 10 \(v311) 82 003c 0000 0002 6d65"),
    pub("-u me -P pw", "10 14 \(v311) c2 003c 0000 0002 6d65 0002 7077"),
    pub("--username me --pw pw", "10 14 \(v311) c2 003c 0000 0002 6d65 0002 7077"),
    pub("-u me -P ''", "10 12 \(v311) c2 003c 0000 0002 6d65 0000"),
    // A password alone is for MQTT 5.
    pub("-P pw -V 5", "10 14 \(v5) 42 003c 03 210014 0000 0002 7077"),
    pub("-c -i x", "10 0d \(v311) 00 003c 0001 78"),
    sub("--disable-clean-session -i x", "10 0d \(v311) 00 003c 0001 78"),
    pub("-c -i x -V 5", "10 16 \(v5) 00 003c 08 11ffffffff 210014 0001 78"),
    sub("-c -i x -x 7", "10 16 \(v5) 00 003c 08 1100000007 210014 0001 78"),
    pub("-x 5", "10 15 \(v5) 02 003c 08 1100000005 210014 0000"),
    pub("-x 0x10", "10 15 \(v5) 02 003c 08 1100000010 210014 0000"),
    pub("-x -1 -i x", "10 16 \(v5) 02 003c 08 11ffffffff 210014 0001 78"),
    pub("-x ∞ -i x", "10 16 \(v5) 02 003c 08 11ffffffff 210014 0001 78"),
    pub("-x 5 -V 311", "10 0c \(v311) 02 003c 0000"),
    // -M is about what is sent.
    pub("-M 3 -V 5", "10 10 \(v5) 02 003c 03 210014 0000"),
    // What is counted is not asked for twice.
    sub("-C 3 -V 5", "10 10 \(v5) 02 003c 03 210003 0000"),
    sub("-C 19 -V 5", "10 10 \(v5) 02 003c 03 210013 0000"),
    sub("-C 20 -V 5", "10 10 \(v5) 02 003c 03 210014 0000"),
    sub("-C 500 -V 5", "10 10 \(v5) 02 003c 03 210014 0000"),
    pub("--will-topic w", "10 11 \(v311) 06 003c 0000 0001 77 0000"),
    pub("--will-topic w --will-payload p", "10 12 \(v311) 06 003c 0000 0001 77 0001 70"),
    pub(
      "--will-topic w --will-payload p --will-qos 1 --will-retain",
      "10 12 \(v311) 2e 003c 0000 0001 77 0001 70"),
    pub("--will-topic w --will-qos 2", "10 11 \(v311) 16 003c 0000 0001 77 0000"),
    pub("--will-topic w -V 5", "10 16 \(v5) 06 003c 03 210014 0000 00 0001 77 0000"),
    pub("--will-qos 1", "10 0c \(v311) 02 003c 0000"),
    // The last one counts.
    pub("-i a -i b -k 10 -k 20", "10 0d \(v311) 02 0014 0001 62"),
    pub("--nodelay", "10 0c \(v311) 02 003c 0000"),
    pub("-A 127.0.0.1", "10 0c \(v311) 02 003c 0000"),
    pub("-h 127.0.0.1", "10 0c \(v311) 02 003c 0000"),
    pub("--host localhost --port PORT", "10 0c \(v311) 02 003c 0000"),
    // What belongs to TLS does not turn it on.
    pub("--insecure --tls-version tlsv1.2", "10 0c \(v311) 02 003c 0000"),
    pub("--cert /etc/hostname --key /etc/hostname", "10 0c \(v311) 02 003c 0000"),
    pub("--no-tls --cafile /etc/hostname", "10 0c \(v311) 02 003c 0000"),
  ]

  @Test("CONNECT", arguments: rows)
  func connect(_ row: WireRow) throws { try row.check() }

  @Test("-I: prefix and process id", arguments: ["-I pre-", "--id-prefix pre-"])
  func prefix(_ option: String) throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      connection.discard()
    }
    let program = try ToolLine("sub -t a -E \(option) -d").start(port: broker.port)
    try program.waitForOutput("Client pre-\(program.pid) received CONNACK (0)\n")
    program.send(SIGKILL)
    try program.wait()
    try broker.finish()
  }

  @Test(
    "-L",
    arguments: [
      ("mqtt://127.0.0.1:PORT/a", "10 0c \(v311) 02 003c 0000", "61"),
      ("MQTT://127.0.0.1:PORT/a/b", "10 0c \(v311) 02 003c 0000", "612f62"),
      ("mqtt://me@127.0.0.1:PORT/a", "10 10 \(v311) 82 003c 0000 0002 6d65", "61"),
      ("mqtt://me:pw@127.0.0.1:PORT/a", "10 14 \(v311) c2 003c 0000 0002 6d65 0002 7077", "61"),
      // Nothing is decoded, and the first `:` separates.
      (
        "mqtt://m%40:p:w@127.0.0.1:PORT/a%2f",
        "10 17 \(v311) c2 003c 0000 0004 6d253430 0003 703a77", "61253266"
      ),
    ])
  func url(_ url: String, _ connect: String, _ topic: String) throws {
    let size = topic.count / 2
    try WireRow(
      ToolLine("pub -m b -L \(url)"), connect, "30 0\(size + 3) 000\(size) \(topic) 62", "e0 00"
    ).check()
    try WireRow(
      ToolLine("sub -E -L \(url)"), connect, "82 0\(size + 5) 0001 000\(size) \(topic) 00", "e0 00"
    ).check()
  }

  @Test("-p behind -L wins, and before it loses") func portAndURL() throws {
    try WireRow(
      "pub -m b -L mqtt://127.0.0.1:1/a -p PORT", "10 0c \(Self.v311) 02 003c 0000",
      "30 04 0001 61 62", "e0 00"
    ).check()
    let result = try ToolLine("pub -p 2 -L mqtt://127.0.0.1:1/a -m b").run()
    #expect(result.errors == "Error: Connection refused\n")
  }
}
