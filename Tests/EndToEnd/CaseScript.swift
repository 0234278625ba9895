import Foundation
import MQTTProtocol
import TestSupport

/// The broker's side of a case, step by step.
final class CaseScript {
  private let version: ProtocolVersion
  private let listener: CInt
  private let port: UInt16
  private let deadline: Double
  private var connection: ScriptedConnection?
  private var webSocket: ScriptedWebSocket?
  /// Bytes were looked at that are no packets.
  private var isRaw = false
  private var isOver = false

  init(_ version: ProtocolVersion, listener: CInt, port: UInt16, until deadline: Double) {
    self.version = version
    self.listener = listener
    self.port = port
    self.deadline = deadline
  }

  private var rest: Double { max(0.1, deadline - monotonicSeconds()) }

  /// Does all steps, and then takes in what nobody has said would come.
  ///
  /// - Parameter process: does what is to be done to apus: `signal`, `says`.
  func run(_ steps: [BrokerCase.Step], process: (BrokerCase.Step) throws -> Void) throws {
    for step in steps {
      do {
        if ["signal", "says"].contains(step.verb) { try process(step) } else { try take(step) }
      } catch {
        throw TestFailure("line \(step.line) ('\(step.verb) \(step.rest.prefix(60))'): \(error)")
      }
    }
    defer { connection?.close() }
    if isOver { return }
    if isRaw || webSocket != nil {
      connection?.discard(within: rest)
      return
    }
    while let packet = try connection?.next(within: rest) {
      throw TestFailure("apus sent what is not in the script: \(packet)")
    }
  }

  private func bytes(_ text: some StringProtocol) throws -> [UInt8] {
    try CaseBytes.parse(text.replacingOccurrences(of: "PORT", with: String(port)))
  }

  /// The connection under way, or the first one.
  private func current() throws -> ScriptedConnection {
    if let connection { return connection }
    return try accept()
  }

  private func accept() throws -> ScriptedConnection {
    guard isReadable(listener, within: rest) else { throw TestFailure("apus did not connect") }
    let socket = accepted(from: listener)
    // A program that takes nothing must not keep the test.
    var patience = timeval(tv_sec: 0, tv_usec: 400_000)
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let connection = ScriptedConnection(socket, version)
    self.connection = connection
    webSocket = nil
    isOver = false
    return connection
  }

  private func take(_ step: BrokerCase.Step) throws {
    if step.verb == "again" {
      _ = try accept()
      return
    }
    let connection = try current()
    switch step.verb {
    case ">": try expect(step.rest, connection)
    case "<": connection.send(try bytes(step.rest))
    case "<<": drip(try bytes(step.rest), milliseconds: 1, connection)
    case "drip":
      let parts = step.rest.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, let pause = CInt(parts[0]) else { throw TestFailure("drip MS BYTES") }
      drip(try bytes(parts[1]), milliseconds: pause, connection)
    case "flood":
      let block = try bytes(step.rest)
      while monotonicSeconds() < deadline, connection.send(block) {}
    case "accept":
      try expect("CONNECT", connection)
      let properties = try bytes(step.rest.isEmpty ? "{}" : step.rest)
      let body = [0, 0] + (version == .v5 ? properties : [])
      send([0x20, UInt8(body.count)] + body, connection)
    case "grant": try grant(connection)
    case "upgrade":
      let socket = try ScriptedWebSocket(connection)
      socket.send(socket.agreement)
      webSocket = socket
    case "close":
      isOver = true
      connection.close()
    case "reset":
      isOver = true
      connection.reset()
    default: connection.finishSending()
    }
  }

  private func send(_ bytes: [UInt8], _ connection: ScriptedConnection) {
    if let webSocket { webSocket.send(0x82, bytes) } else { connection.send(bytes) }
  }

  private func drip(_ bytes: [UInt8], milliseconds: CInt, _ connection: ScriptedConnection) {
    for byte in bytes {
      if monotonicSeconds() > deadline || !connection.send([byte]) { return }
      _ = poll(nil, 0, milliseconds)
    }
  }

  private func grant(_ connection: ScriptedConnection) throws {
    guard case .subscribe(let subscribe) = try nextPacket(connection)?.packet else {
      throw TestFailure("no SUBSCRIBE")
    }
    let codes = subscribe.subscriptions.map { ReasonCode(rawValue: $0.qos.rawValue) }
    let answer = SubscriptionAck(.subAck, subscribe.packetID, codes)
    send(Packet.subscriptionAck(answer).encoded(version), connection)
  }

  private func nextPacket(
    _ connection: ScriptedConnection
  ) throws -> (packet: Packet, bytes: [UInt8])? {
    if webSocket == nil { return try connection.nextFrame(within: rest) }
    guard let packet = try webSocket?.packet() else { return nil }
    return (packet, packet.encoded(version))
  }

  // MARK: Expectations

  private func expect(_ text: String, _ connection: ScriptedConnection) throws {
    let words = text.split(separator: " ").map(String.init)
    switch words.first ?? "" {
    case "end":
      if let packet = try connection.next(within: rest) { throw TestFailure("\(packet) came") }
      isOver = true
    case "*":
      connection.discard(within: rest)
      isOver = true
    case let name where Self.types[name] != nil:
      guard let (packet, bytes) = try nextPacket(connection) else {
        throw TestFailure("the end came")
      }
      for word in words where !Self.matches(word, bytes) { throw TestFailure("\(packet) came") }
    default: try expect(bytes: try bytes(text), connection)
    }
  }

  private func expect(bytes wanted: [UInt8], _ connection: ScriptedConnection) throws {
    isRaw = true
    var came: [UInt8] = []
    while came.count < wanted.count { came += try connection.bytes(within: rest) }
    guard came.starts(with: wanted) else { throw TestFailure("\(came.prefix(40)) came") }
  }

  private static let types: [String: UInt8] = [
    "CONNECT": 1, "PUBLISH": 3, "PUBACK": 4, "PUBREC": 5, "PUBREL": 6, "PUBCOMP": 7, "SUBSCRIBE": 8,
    "UNSUBSCRIBE": 10, "PINGREQ": 12, "DISCONNECT": 14, "AUTH": 15,
  ]

  /// - Parameter word: a packet's name, `id=N`, `dup`, or a reason code in hexadecimal digits.
  private static func matches(_ word: String, _ packet: [UInt8]) -> Bool {
    if let type = types[word] { return packet[0] >> 4 == type }
    if word == "dup" { return packet[0] & 8 != 0 }
    let type = packet[0] >> 4
    let hasID = type != 14 && type != 15
    if word.hasPrefix("id="), let id = UInt16(word.dropFirst(3)) {
      let place = type == 3 && packet.count > 4 ? 4 + Int(packet[2]) << 8 + Int(packet[3]) : 2
      return packet.dropFirst(place).starts(with: [UInt8(id >> 8), UInt8(id & 0xff)])
    }
    // A code that is left out is 0.
    let place = hasID ? 4 : 2
    return UInt8(word, radix: 16) == (packet.count > place ? packet[place] : 0)
  }
}
