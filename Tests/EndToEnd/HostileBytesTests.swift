import Foundation
import MQTTProtocol
import TestSupport
import Testing

/// Bytes after CONNECT that no broker should send: an error in words, never a trap, never a hang.
@Suite("Hostile bytes from the broker") struct HostileBytesTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    var isSplit = false
    var testDescription: String { name }
    init(_ name: String, _ bytes: [UInt8], isSplit: Bool = false) {
      self.name = name
      self.bytes = bytes
      self.isSplit = isSplit
    }
  }

  private static let connAck: [UInt8] = [0x20, 2, 0, 0]
  private static let subAck: [UInt8] = [0x90, 3, 0, 1, 1]
  private static let publish: [UInt8] = [0x32, 8, 0, 1, 0x61, 0, 7, 0x68, 0x69, 0x21]

  /// The end comes in the middle of CONNACK and PUBLISH.
  static let cut: [Row] = (0..<(connAck + publish).count).map {
    Row("cut after \($0) bytes", Array((connAck + publish).prefix($0)))
  }

  static let noise: [Row] =
    (0..<8).map { seed in
      var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 &+ 1
      let bytes = (0..<200).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
      }
      return Row(
        "noise \(seed)\(seed % 2 == 0 ? "" : " after CONNACK")",
        (seed % 2 == 0 ? [] : connAck) + bytes)
    }

  static let crafted: [Row] = [
    Row("zeros", [UInt8](repeating: 0, count: 64)),
    Row("ones", [UInt8](repeating: 0xff, count: 64)),
    Row("a web server's answer", Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)),
    Row("an SSH server's greeting", Array("SSH-2.0-OpenSSH_9.2\r\n".utf8)),
    Row("a TLS alert", [0x15, 3, 1, 0, 2, 2, 0x28]),
    Row("CONNACK of 268435455 bytes", [0x20, 0xff, 0xff, 0xff, 0x7f]),
    Row("length of five bytes (#54)", [0x20, 0xff, 0xff, 0xff, 0xff, 0x7f]),
    Row("empty CONNACK (#58)", [0x20, 0]),
    Row("CONNACK with a byte too many (#58)", [0x20, 3, 0, 0, 0]),
    Row("CONNACK with reserved flags (#64)", [0x20, 2, 2, 0]),
    Row("CONNACK 6 (#69)", [0x20, 2, 0, 6]),
    Row("packet type 0 (#57)", connAck + [0, 0]),
    Row("packet type 15 (#57)", connAck + [0xf0, 0]),
    Row(
      "PUBLISH of 268435455 bytes, then the end", connAck + subAck + [0x30, 0xff, 0xff, 0xff, 0x7f]),
    Row("topic behind the packet's end (#58)", connAck + [0x30, 3, 0xff, 0xff, 0x61]),
    Row("PUBLISH without an identifier (#58)", connAck + [0x32, 3, 0, 1, 0x61]),
    Row("PUBLISH with identifier 0 (#80)", connAck + [0x32, 5, 0, 1, 0x61, 0, 0]),
    Row("topic that is not UTF-8 (#51)", connAck + [0x30, 3, 0, 1, 0xff]),
    Row("topic with U+0000 (#52)", connAck + [0x30, 3, 0, 1, 0]),
    Row("topic with a wildcard (#81)", connAck + [0x30, 3, 0, 1, 0x23]),
    Row("empty topic (#75)", connAck + [0x30, 2, 0, 0]),
    Row("DUP at QoS 0 (#79)", connAck + [0x38, 3, 0, 1, 0x61]),
    Row("SUBACK without codes (#86)", connAck + [0x90, 2, 0, 1]),
    Row("SUBACK with code 3 (#87)", connAck + [0x90, 3, 0, 1, 3]),
    Row("PUBREL with wrong bits (#56)", connAck + [0x60, 2, 0, 1]),
    Row("PINGRESP with a body (#58)", connAck + [0xd0, 1, 0]),
    Row("a server's CONNECT (#57)", [0x10, 12, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 0, 0, 0]),
    Row("CONNACK split, then the end", connAck, isSplit: true),
    Row("everything split, QoS 3 last", connAck + subAck + publish + [0x36, 0], isSplit: true),
  ]

  static let rows = cut + noise + crafted

  @Test("3.1.1", arguments: rows) func three(_ row: Row) throws { try check(row, []) }
  @Test("5", arguments: rows) func five(_ row: Row) throws {
    try check(row, ["-V", "5", "-i", "c"])
  }
  @Test("with -d", arguments: crafted) func debug(_ row: Row) throws { try check(row, ["-d"]) }

  @Test("a packet that memory has no room for ends it in words") func noMemory() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept()
      try connection.handshake()
      try connection.grant()
      // PUBLISH with 240 MiB, which come as long as somebody reads.
      connection.send([0x30, 0x80, 0x80, 0x80, 0x78, 0, 1, 0x61] as [UInt8])
      let block = [UInt8](repeating: 0x78, count: 1 << 20)
      for _ in 0..<240 where !connection.send(block) { break }
    }
    let program = try RunningProgram(
      ["sh", "-c", "ulimit -v 100000; exec \"$@\"", "sh", Program.apus, "sub", "-t", "a"]
        + broker.address)
    #expect(try program.wait() == .exited(25), "\(program.errorText)")
    expectOneLine(program.errorText, from: "sub")
    #expect(program.errorText.contains("no memory for a packet of 251658"), "\(program.errorText)")
    try broker.finish()
  }

  private func check(_ row: Row, _ words: [String]) throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(words.contains("5") ? .v5 : .v311)
      _ = try connection.receive()
      if row.isSplit {
        for byte in row.bytes {
          connection.send([byte])
          _ = poll(nil, 0, 1)
        }
      } else {
        connection.send(row.bytes)
      }
      // Takes in what the program still says, so that no reset overtakes the bytes.
      connection.finishSending()
      while (try? connection.next(within: 3)) ?? nil != nil {}
    }
    let program = try RunningProgram(
      [Program.apus, "sub", "--on-loss", "exit", "-q", "1", "-t", "a"] + words + broker.address)
    let ending = try program.wait(within: 5)
    guard case .exited(let status) = ending else {
      Issue.record("ended by a signal: \(ending); \(program.errorText)")
      return
    }
    #expect([2, 7, 21, 128].contains(status), "\(status): \(program.errorText)")
    if !words.contains("-d") { expectOneLine(program.errorText, from: "sub") }
    #expect(program.errorText.hasSuffix("\n"))
  }
}
