import Foundation
import Glibc
import MQTTProtocol
import TestSupport
import Testing

/// Nothing that comes from outside acts on a terminal; nothing is changed on its way to a pipe.
@Suite("Terminal safety") struct TerminalTests {
  /// Where the first raw control character stands: C0, DEL, C1 or bytes that are no UTF-8.  Newline, tab
  /// and the carriage return that a terminal puts in front of a newline are none.
  static func firstControl(in bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBytes { bytes in
      for at in bytes.indices {
        switch bytes[at] {
        case 0x0a, 0x09, 0x20...0x7e: continue
        case 0x0d where at + 1 < bytes.count && bytes[at + 1] == 0x0a: continue
        case 0xc2 where at + 1 < bytes.count && bytes[at + 1] < 0xa0: return at
        case 0x80...: continue
        default: return at
        }
      }
      return UTF8String.isWellFormed(bytes) ? nil : bytes.count
    }
  }

  private static let count = 100_000

  private static func topic(_ random: inout Generator) -> UTF8String {
    let pieces = ["a", "\u{1b}[31m", "\n", "\r", "\t", "\u{9b}", "é", "\u{202e}", "\u{7f}", "/"]
    let text = (0...Int.random(in: 0...5, using: &random)).map { _ in
      pieces[Int.random(in: 0..<pieces.count, using: &random)]
    }
    return (try? UTF8String(text.joined())) ?? "a"
  }

  private static let flood: [UInt8] = {
    var random = Generator(seed: 1)
    var block: [UInt8] = []
    for _ in 0..<count {
      let text = topic(&random)
      let message = Publish(
        topic: text, payload: random.bytes(Int.random(in: 0...20, using: &random)),
        properties: Properties(
          [
            Property(.contentType, text), Property(.responseTopic, text),
            Property(.correlationData, text.bytes.reversed()), Property(user: text, text),
          ].compactMap { $0 }))
      block += Packet.publish(message).encoded(.v5)
    }
    return block
  }()

  @Test(
    "100,000 random payloads and topics on a terminal",
    arguments: [
      ["-v"], ["-F", "%t|%p|%C|%R|%D|%P|%-9t|%.3p|%j"], ["-N"], ["-F", "%j", "--pretty"],
    ])
  func random(_ words: [String]) throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake()
      try connection.grant()
      connection.send(Self.flood)
      connection.discard(within: 60)
    }
    let terminal = try PseudoTerminal()
    let program = try RunningProgram(
      [Program.apus, "sub", "-V", "5", "-t", "#", "-C", String(Self.count)] + words
        + broker.address, output: terminal.end)
    #expect(try program.wait(within: 60) == .exited(0), "\(program.errorText)")
    let bytes = try terminal.finish()
    #expect(bytes.count > Self.count * 8)
    let place = Self.firstControl(in: bytes)
    #expect(place == nil, "\(bytes[(place ?? 0)...].prefix(40))")
    try broker.finish()
  }

  @Test("100,000 random reason strings on standard error") func reasons() throws {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake()
      var random = Generator(seed: 2)
      while let packet = try connection.next() {
        guard case .publish(let message) = packet, let id = message.packetID else { continue }
        var answer = Acknowledgement(.pubAck, id)
        answer.reason = .notAuthorized
        answer.properties.set(Property(.reasonString, Self.topic(&random)))
        connection.send(.acknowledgement(answer))
      }
    }
    let program = try RunningProgram(
      [Program.apus, "pub", "-V", "5", "-t", "a", "-q", "1", "-l"] + broker.address,
      input: .bytes(Array(repeating: UInt8(ascii: "\n"), count: Self.count)))
    #expect(try program.wait(within: 60) == .exited(135))
    let bytes = Array(program.errorText.utf8)
    #expect(bytes.count { $0 == 0x0a } == Self.count)
    #expect(Self.firstControl(in: bytes) == nil)
    try broker.finish()
  }

  // MARK: One message

  private func shown(
    _ message: Publish, _ words: [String], onTerminal: Bool = true
  ) throws -> [UInt8] {
    let broker = try ScriptedBroker { broker in
      let connection = try broker.accept(.v5)
      try connection.handshake()
      try connection.grant()
      connection.send(.publish(message))
      connection.discard()
    }
    let terminal = onTerminal ? try PseudoTerminal() : nil
    let program = try RunningProgram(
      [Program.apus, "sub", "-V", "5", "-t", "#", "-C", "1"] + words + broker.address,
      output: terminal?.end)
    #expect(try program.wait() == .exited(0), "\(program.errorText)")
    try broker.finish()
    return try terminal?.finish() ?? program.outputSoFar
  }

  private let hostile = Publish(
    topic: "a\u{1b}\n", payload: [0x1b, 0x5b, 0x41, 0x0a, 0x09, 0xff, 0xc2, 0x9b])

  @Test func `a terminal gets escapes, newlines and tabs stay`() throws {
    #expect(
      try shown(hostile, ["-v"]) == Array("a\\x1b\\n \\x1b[A\r\n\t\\xff\\u{9b}\r\n".utf8))
  }

  @Test func `--raw is for payloads only`() throws {
    let expected =
      Array("a\\x1b\\n ".utf8) + [0x1b, 0x5b, 0x41, 0x0d, 0x0a, 0x09, 0xff, 0xc2, 0x9b, 0x0d, 0x0a]
    #expect(try shown(hostile, ["-v", "--raw"]) == expected)
  }

  @Test func `escapes of the format itself act`() throws {
    #expect(
      try shown(hostile, ["-F", #"\e[1m%t\e[0m"#]) == Array("\u{1b}[1ma\\x1b\\n\u{1b}[0m\r\n".utf8))
  }

  @Test func `a pipe gets the bytes`() throws {
    #expect(
      try shown(hostile, ["-v"], onTerminal: false)
        == hostile.topic.bytes + [0x20] + hostile.payload + [0x0a])
  }

  @Test func `a large payload is not torn between characters`() throws {
    var message = hostile
    message.payload = Array(String(repeating: "é", count: 300_000).utf8) + [0x1b]
    for head in [0, 1] {
      message.payload.insert(contentsOf: Array(repeating: 0x78, count: head), at: 0)
      let bytes = try shown(message, [])
      #expect(same(bytes, message.payload.dropLast() + Array("\\x1b\r\n".utf8)))
    }
  }

  @Test func `a terminal that goes away ends it`() throws {
    let broker = try Shared.broker.get()
    let topic = Shared.name("terminal/")
    var ends: (screen: CInt, end: CInt) = (-1, -1)
    try #require(openpty(&ends.screen, &ends.end, nil, nil, nil) == 0)
    for descriptor in [ends.screen, ends.end] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    let id = Shared.name("s")
    let start = broker.log.utf8.count
    let program = try RunningProgram(
      [Program.apus, "sub", "-i", id, "-t", topic] + broker.address, output: ends.end)
    try broker.waitForLog("Sending SUBACK to \(id)\n", after: start)
    close(ends.end)
    close(ends.screen)
    try broker.publish(.apus, ["-t", topic, "-m", "x"])
    #expect(try program.wait() == .exited(74), "\(program.errorText)")
  }
}
