// Both ends of a client's connection.

import Glibc
import MQTTClient
import MQTTProtocol
import MQTTSession
import TestSupport

@testable import Transport

/// A client, and the server at the other end of a socket pair.
final class Line {
  var client: Client
  private(set) var server: ScriptedConnection
  let version: ProtocolVersion

  /// How the client's bytes travel; a test puts something worse around the socket.
  typealias Wrapping = (SocketStream) -> any ByteStream

  init(
    _ version: ProtocolVersion = .v311, eager: Bool = false, keepAlive: UInt16 = 60,
    clientID: UTF8String = "c", over wrapping: Wrapping = { $0 }
  ) throws {
    self.version = version
    let connect = Connect(version: version, clientID: clientID, keepAlive: keepAlive)
    client = Client(SessionConfiguration(connect: connect, eager: eager), stop: nil)
    let (stream, server) = try Self.pair(version)
    self.server = server
    client.open(wrapping(stream))
  }

  /// A line whose server has accepted the client.
  static func connected(
    _ version: ProtocolVersion = .v311, keepAlive: UInt16 = 60, over wrapping: Wrapping = { $0 }
  ) throws -> Line {
    let line = try Line(version, keepAlive: keepAlive, over: wrapping)
    while !(try line.client.flush()) {}
    try line.server.handshake()
    // A stream may halt before it brings anything.
    for _ in 0..<100 where line.phase == .connecting { _ = try line.events() }
    guard line.phase == .connected else { throw NotConnected() }
    return line
  }

  struct NotConnected: Error {}

  /// Bytes that have not left.
  var waiting: Int { client.session.output.count }
  var isDrained: Bool { client.isDrained }
  var phase: Session.Phase { client.session.phase }

  /// Opens a second connection with the same client.
  func openAgain() throws {
    let (stream, server) = try Self.pair(version)
    self.server = server
    client.open(stream)
  }

  private static func pair(
    _ version: ProtocolVersion
  ) throws -> (SocketStream, ScriptedConnection) {
    var ends: [CInt] = [-1, -1]
    let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw NotConnected() }
    return (SocketStream(ends[0]), ScriptedConnection(ends[1], version))
  }

  /// Everything that has arrived, as the loop of a command takes it.
  func events() throws(ClientFailure) -> [String] {
    var seen: [String] = []
    try collect(into: &seen)
    return seen
  }

  /// - Parameter seen: has what came before a failure, too.
  func collect(into seen: inout [String]) throws(ClientFailure) {
    repeat {
      while let event = try client.nextEvent() { seen.append(Self.text(event)) }
      client.session.releaseAcknowledgements()
      try client.flush()
    } while try client.fill()
  }

  /// Waits for one more event.
  func nextEvent(within limit: Duration = .seconds(10)) throws -> String {
    let deadline = MonotonicClock.now() + limit
    while true {
      if let event = try client.nextEvent() { return Self.text(event) }
      try client.flush()
      if try client.fill() { continue }
      if try client.wait(until: deadline).isLate { throw TooLate() }
    }
  }

  struct TooLate: Error {}

  func publish(_ payload: [UInt8], _ qos: QoS = .atMostOnce, topic: String = "t") throws {
    let publication = Publication(
      topic: try TopicName(Array(topic.utf8)), qos: qos, retain: false, properties: .none, version)
    try payload.withUnsafeBytes { _ = try client.session.publish(publication, $0) }
  }

  /// An event in words: its bytes don't outlive the next call.
  private static func text(_ event: Event) -> String {
    switch event {
    case .connected: "connected"
    case .message(let message):
      "\(String(decoding: message.topic, as: UTF8.self)): "
        + (message.payload.count > 100
          ? "\(message.payload.count) bytes" : String(decoding: message.payload, as: UTF8.self))
    case .acknowledged(let id): "acknowledged \(id)"
    case .received(let id): "received \(id)"
    case .unmatched(let id): "unmatched \(id)"
    case .rejected(let packet): "rejected \(packet.packetID)"
    case .subscribed(let packet): "subscribed \(packet.packetID)"
    case .unsubscribed(let packet): "unsubscribed \(packet.packetID)"
    case .challenged: "challenged"
    }
  }
}

/// A message from the server.
func message(_ payload: String, _ qos: QoS = .atMostOnce, _ number: UInt16 = 1) -> Packet {
  message(Array(payload.utf8), qos, number)
}

func message(_ payload: [UInt8], _ qos: QoS = .atMostOnce, _ number: UInt16 = 1) -> Packet {
  .publish(
    Publish(
      topic: "t", payload: payload, qos: qos,
      packetID: qos == .atMostOnce ? nil : PacketID(rawValue: number)))
}

func acknowledgement(_ type: PacketType, _ number: UInt16 = 1) -> Packet {
  .acknowledgement(Acknowledgement(type, PacketID(rawValue: number) ?? .first))
}
