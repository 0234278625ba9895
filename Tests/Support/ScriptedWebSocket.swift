// The server's end of a WebSocket, to be as wrong as a test wants it.

import MQTTProtocol
import StreamProtocols

package struct ScriptedWebSocket {
  package let connection: ScriptedConnection
  /// The client's HTTP request.
  package let request: String
  private var buffer: [UInt8] = []
  private var mqtt: [UInt8] = []

  /// Reads the HTTP request, and answers nothing yet.
  package init(_ connection: ScriptedConnection) throws {
    let blank = Array("\r\n\r\n".utf8)
    var bytes: [UInt8] = []
    var end: Int?
    while end == nil {
      bytes += try connection.bytes()
      let seen = bytes
      end = seen.indices.first { seen[$0...].starts(with: blank) }
    }
    let size = (end ?? 0) + blank.count
    self.connection = connection
    request = String(decoding: bytes[..<size], as: UTF8.self)
    buffer = Array(bytes[size...])
  }

  /// A field's value.
  package func field(_ name: String) -> String? {
    request.split(separator: "\r\n").first { $0.hasPrefix("\(name): ") }
      .map { String($0.dropFirst(name.utf8.count + 2)) }
  }

  /// 101 with the right accept value.
  package var agreement: [UInt8] {
    let accept = Upgrade.accept(Array((field("Sec-WebSocket-Key") ?? "").utf8))
    return
      Array(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n".utf8)
      + "Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Accept: ".utf8 + accept + "\r\n\r\n".utf8
  }

  package struct Frame: Hashable, Sendable {
    package var opcode: UInt8
    package var mask: [UInt8]
    package var payload: [UInt8]
  }

  /// The client's next frame, which must be whole and masked.
  package mutating func frame() throws -> Frame {
    while true {
      if let frame = try takeFrame() { return frame }
      buffer += try connection.bytes()
    }
  }

  package mutating func takeFrame() throws -> Frame? {
    guard buffer.count >= 2 else { return nil }
    guard buffer[0] & 0xf0 == 0x80, buffer[1] & 0x80 != 0 else {
      throw TimedOut(description: "a bad frame: \(buffer.prefix(16))")
    }
    var start = 2
    var length = Int(buffer[1] & 0x7f)
    if length >= 126 {
      let width = length == 126 ? 2 : 8
      guard buffer.count >= 2 + width else { return nil }
      length = buffer[2..<(2 + width)].reduce(0) { $0 << 8 | Int($1) }
      start += width
    }
    guard buffer.count >= start + 4 + length else { return nil }
    let mask = Array(buffer[start..<(start + 4)])
    let payload = buffer[(start + 4)..<(start + 4 + length)].enumerated().map {
      $1 ^ mask[$0 % 4]
    }
    defer { buffer.removeFirst(start + 4 + length) }
    return Frame(opcode: buffer[0] & 0x0f, mask: mask, payload: payload)
  }

  /// The next MQTT packet in binary frames.
  package mutating func packet() throws -> Packet {
    while true {
      var position = 0
      let packet = try mqtt.withUnsafeBytes {
        try Packet(from: $0, at: &position, connection.version)
      }
      if let packet {
        mqtt.removeFirst(position)
        return packet
      }
      let frame = try frame()
      guard frame.opcode == 2 else { throw TimedOut(description: "opcode \(frame.opcode)") }
      mqtt += frame.payload
    }
  }

  package func send(_ bytes: [UInt8]) { connection.send(bytes) }

  /// One frame, its payload below 64 KiB.
  package func send(_ start: UInt8, _ payload: [UInt8]) {
    let length =
      payload.count < 126
      ? [UInt8(payload.count)] : [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
    send([start] + length + payload)
  }

  package func send(_ packet: Packet) { send(0x82, packet.encoded(connection.version)) }

  /// Agrees, takes CONNECT and accepts it.
  package mutating func handshake() throws {
    send(agreement)
    guard case .connect = try packet() else { throw TimedOut(description: "no CONNECT") }
    send(.connAck(ConnAck()))
  }

  /// Takes SUBSCRIBE and grants QoS 0.
  package mutating func grant() throws {
    guard case .subscribe(let subscribe) = try packet() else {
      throw TimedOut(description: "no SUBSCRIBE")
    }
    send(.subscriptionAck(SubscriptionAck(.subAck, subscribe.packetID, [.success])))
  }
}
