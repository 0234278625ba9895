import Foundation
import MQTTProtocol
import Synchronization
import TestSupport
import Testing

/// What healthy WebSocket servers rarely do, and broken ones do.
@Suite("WebSocket") struct WebSocketTests {
  private static func server(
    _ script: @escaping @Sendable (inout ScriptedWebSocket) throws -> Void
  ) throws -> ScriptedBroker {
    try ScriptedBroker { broker in
      var socket = try ScriptedWebSocket(try broker.accept())
      try script(&socket)
    }
  }

  private struct Unexpected: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  private static let message = ["pub", "--ws", "-t", "a", "-m", "x"]
  private static let publish = Packet.publish(Publish(topic: "a", payload: Array("hello".utf8)))
    .encoded(.v311)

  @Test("the request offers mqtt, with fields of one's own (#50)") func request() throws {
    let server = try Self.server { socket in
      let lines = socket.request.split(separator: "\r\n")
      let wanted = [
        "GET /p?q=1 HTTP/1.1", "Host: elsewhere", "Cookie: a=b", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: mqtt",
      ]
      for line in wanted where !lines.contains(Substring(line)) {
        throw Unexpected("no '\(line)' in \(socket.request)")
      }
      try socket.handshake()
      _ = try socket.packet()
      _ = try socket.packet()
    }
    let result = try Program.run(
      Self.message + server.address
        + ["--ws-path", "/p?q=1", "--ws-header", "Host: elsewhere", "--ws-header", "Cookie:a=b"])
    #expect(result.ending == .exited(0), "\(result.errors)")
    try server.finish()
  }

  @Test("a server that stays open at DISCONNECT is sent Close (RabbitMQ)") func staysOpen() throws {
    let server = try Self.server { socket in
      try socket.handshake()
      try socket.grant()
      guard case .disconnect = try socket.packet() else { throw Unexpected("no DISCONNECT") }
      guard try socket.frame().opcode == 8 else { throw Unexpected("no Close") }
      socket.send(0x88, [3, 0xe8])
    }
    let result = try Program.run(["sub", "--ws", "-t", "a", "-E"] + server.address, within: 4)
    #expect(result.ending == .exited(0), "\(result.errors)")
    try server.finish()
  }

  @Test("who need not wait for the server sends Close with DISCONNECT", arguments: ["0", "1"])
  func closesBehind(_ qos: String) throws {
    let server = try Self.server { socket in
      try socket.handshake()
      var frame = try socket.frame()
      if qos == "1" {
        socket.send(.acknowledgement(Acknowledgement(.pubAck, .first)))
        frame = try socket.frame()
      }
      guard frame.payload.suffix(2) == [0xe0, 0] else {
        throw Unexpected("no DISCONNECT: \(frame)")
      }
      // What has come in with it, and nothing that is yet to come.
      guard let close = try socket.takeFrame(), close.opcode == 8, close.payload == [3, 0xe8] else {
        throw Unexpected("Close came later")
      }
    }
    let result = try Program.run(["pub", "--ws", "-t", "a", "-m", "x", "-q", qos] + server.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    try server.finish()
  }

  @Test("every frame is binary and has a mask of its own; Close comes last (#50)") func masks()
    throws
  {
    let masks = Mutex<[[UInt8]]>([])
    let server = try Self.server { socket in
      socket.send(socket.agreement)
      let connect = try socket.frame()
      socket.send(.connAck(ConnAck()))
      var frames = [connect]
      while frames.last?.payload.suffix(2) != [0xe0, 0] { frames.append(try socket.frame()) }
      socket.send(0x88, [3, 0xe8])
      frames.append(try socket.frame())
      if let other = frames.dropLast().first(where: { $0.opcode != 2 }) {
        throw Unexpected("no binary frame: \(other)")
      }
      let last = frames.last
      if last?.opcode != 8 || last?.payload != [3, 0xe8] {
        throw Unexpected("no Close: \(String(describing: last))")
      }
      let seen = frames.map(\.mask)
      masks.withLock { $0 = seen }
    }
    let result = try Program.run(
      ["pub", "--ws", "-t", "a", "--repeat", "20", "--repeat-delay", "0.001", "-m", "x"]
        + server.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    try server.finish()
    let seen = masks.withLock { $0 }
    #expect(seen.count > 3 && Set(seen).count == seen.count)
  }

  @Test("fragments, pings and pongs between, byte by byte") func fragments() throws {
    let server = try Self.server { socket in
      try socket.handshake()
      try socket.grant()
      var bytes: [UInt8] = [0x89, 2, 1, 2, 0x8a, 0]
      for (place, byte) in Self.publish.enumerated() {
        let isLast = place == Self.publish.count - 1
        bytes += [place == 0 ? 2 : isLast ? 0x80 : 0, 1, byte, 0x89, 1, byte]
      }
      for byte in bytes {
        socket.send([byte])
        _ = poll(nil, 0, 1)
      }
      var pongs: [[UInt8]] = []
      while pongs.last != [Self.publish.last ?? 0] {
        let frame = try socket.frame()
        if frame.opcode == 10 { pongs.append(frame.payload) }
        if frame.opcode == 8 { break }
      }
      // Pings that came together need one pong.
      let pings = [[1, 2]] + Self.publish.map { [$0] }
      if pongs.last != pings.last || !pongs.allSatisfy(pings.contains) {
        throw Unexpected("pongs: \(pongs)")
      }
    }
    let result = try Program.run(["sub", "--ws", "-t", "a", "-C", "1"] + server.address)
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.output == Array("hello\n".utf8))
    try server.finish()
  }

  @Test("a flood of pings holds up neither -W nor memory") func pings() throws {
    let server = try Self.server { socket in
      try socket.handshake()
      try socket.grant()
      let pings = (0..<4096).flatMap { _ in [0x89, 4, 1, 2, 3, 4] as [UInt8] }
      while socket.connection.send(pings) {}
    }
    let program = try RunningProgram(
      [Program.apus, "sub", "--ws", "-t", "a", "-W", "1"] + server.address)
    #expect(try program.wait(within: 10) == .exited(27), "\(program.errorText)")
    try server.finish()
  }

  @Test("64 MiB in one frame") func large() throws {
    let payload = [UInt8](repeating: 0x61, count: 64 << 20)
    let server = try Self.server { socket in
      try socket.handshake()
      try socket.grant()
      let packet = Packet.publish(Publish(topic: "a", payload: payload)).encoded(.v311)
      let length = withUnsafeBytes(of: UInt64(packet.count).bigEndian) { Array($0) }
      socket.send([0x82, 127] + length)
      socket.send(packet)
      _ = try socket.packet()
    }
    let result = try Program.run(
      ["sub", "--ws", "-t", "a", "-C", "1", "-N"] + server.address, within: 60)
    #expect(result.ending == .exited(0), "\(result.errors)")
    #expect(result.output == payload)
    try server.finish()
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    /// Instead of 101 or, with `isFrame`, behind CONNACK and SUBACK.
    let bytes: [UInt8]
    var isFrame = true
    let text: String
    let status: Int32
    /// Close's code, as the server hears it.
    var code: UInt16?
    var testDescription: String { name }
  }

  private static func http(_ name: String, _ answer: String, _ text: String) -> Fault {
    Fault(
      name: name, bytes: Array((answer + "\r\n\r\n").utf8), isFrame: false, text: text, status: 1)
  }

  static let faults: [Fault] = [
    http("404", "HTTP/1.1 404 Not Found", "404 Not Found; --ws-path says where its WebSocket is"),
    http("401", "HTTP/1.1 401 Unauthorized", "--ws-header 'Authorization: …'"),
    http("403", "HTTP/1.1 403 Forbidden", "--ws-header 'Origin: …'"),
    http("426", "HTTP/1.1 426 Upgrade Required", "another version of WebSocket"),
    http(
      "302", "HTTP/1.1 302 Found\r\nLocation: https://e/\u{1b}[1m", "it points to https://e/?[1m"),
    http(
      "a bad accept value",
      "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA",
      "does not answer our key"),
    http("no HTTP", "220 ready", "does not speak WebSocket at this port"),
    http(
      "an endless head", "HTTP/1.1 101 " + String(repeating: "x", count: 70_000), "more than 16 KiB"
    ),
    Fault(name: "text", bytes: [0x81, 1, 0x61], text: "text frame", status: 2, code: 1003),
    Fault(
      name: "masked", bytes: [0x82, 0x81, 0, 0, 0, 0, 1], text: "masked", status: 2, code: 1002),
    Fault(name: "RSV1", bytes: [0xc2, 0], text: "reserved bits", status: 2, code: 1002),
    Fault(
      name: "2^63 bytes", bytes: [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0], text: "length", status: 2,
      code: 1002),
    Fault(
      name: "Close", bytes: [0x88, 0], text: "the server closed the connection", status: 7,
      code: 1000),
    Fault(
      name: "Close 1008", bytes: [0x88, 7, 3, 0xf0] + "spam\u{1b}".utf8,
      text: "closed the WebSocket: policy violation (1008): spam?", status: 7, code: 1008),
    Fault(
      name: "the end in a frame", bytes: [0x82, 100, 0x30],
      text: "the server closed the connection",
      status: 7),
  ]

  @Test("faults", arguments: faults) func fault(_ row: Fault) throws {
    let code = Mutex<[UInt8]?>(nil)
    let server = try Self.server { socket in
      if row.isFrame {
        try socket.handshake()
        try socket.grant()
      }
      socket.send(row.bytes)
      socket.connection.finishSending()
      if row.isFrame {
        let close = try? socket.frame()
        code.withLock { $0 = close?.opcode == 8 ? close?.payload : nil }
      }
      socket.connection.discard()
    }
    let result = try Program.run(["sub", "--on-loss", "exit", "--ws", "-t", "a"] + server.address)
    #expect(result.ending == .exited(row.status), "\(result.errors)")
    #expect(result.errors.contains(row.text), "\(result.errors)")
    expectOneLine(result.errors, from: "sub")
    try server.finish()
    if let wanted = row.code {
      #expect(code.withLock { $0 } == [UInt8(wanted >> 8), UInt8(wanted & 0xff)])
    }
  }

  @Test("nobody waits longer than told for the handshake") func silence() throws {
    let server = try Self.server { socket in socket.connection.discard() }
    let result = try Program.run(
      Self.message + server.address + ["--connect-timeout", "0.5"], within: 8)
    #expect(result.ending == .exited(27), "\(result.errors)")
    #expect(result.errors.contains("does it speak WebSocket at this port?"), "\(result.errors)")
    try server.finish()
  }

  @Test("a server that stops reading gets the rest when it goes on") func slow() throws {
    let size = 3 << 20
    let server = try Self.server { socket in
      try socket.handshake()
      _ = poll(nil, 0, 300)
      guard case .publish(let publish) = try socket.packet(), publish.payload.count == size else {
        throw Unexpected("not the message")
      }
      _ = try socket.packet()
    }
    let result = try Program.run(
      ["pub", "--ws", "-t", "a", "-s"] + server.address,
      input: .bytes([UInt8](repeating: 0x61, count: size)))
    #expect(result.ending == .exited(0), "\(result.errors)")
    try server.finish()
  }
}
