// The server's end of a session under test: packets in, packets out, no network.

import MQTTProtocol
import MQTTSession

/// A session and what a server would see of it.
final class Peer {
  var session: Session
  var now: Duration = .seconds(1000)
  private var input: [UInt8] = []

  init(
    _ version: ProtocolVersion = .v311, _ change: (inout SessionConfiguration) -> Void = { _ in }
  ) {
    var configuration = SessionConfiguration(
      connect: Connect(version: version, clientID: "c"), window: 1000)
    change(&configuration)
    session = Session(configuration)
  }

  /// A session whose connection the server has accepted.
  static func connected(
    _ version: ProtocolVersion = .v311, _ connAck: ConnAck = ConnAck(),
    _ change: (inout SessionConfiguration) -> Void = { _ in }
  ) throws -> Peer {
    let peer = Peer(version, change)
    try peer.connect(connAck)
    return peer
  }

  /// A new connection that the server accepts.
  @discardableResult
  func connect(_ connAck: ConnAck = ConnAck()) throws -> Resumption {
    session.connect(at: now)
    _ = sent()
    guard case .connected(_, let resumption)? = try receive(.connAck(connAck)).first else {
      throw NoEvent()
    }
    return resumption
  }

  struct NoEvent: Error {}

  var version: ProtocolVersion { session.version }
  var phase: Session.Phase { session.phase }
  var isSettled: Bool { session.isSettled }
  var canPublish: Bool { session.canPublish }
  var clientID: UTF8String { session.clientID }
  var awaitsRelease: Bool { session.awaitsRelease }
  var waiting: [UInt8] { session.output.array }
  var nextTimeout: Duration? { session.nextTimeout }

  /// Everything the client sent since the last call, as packets.
  func sent() -> [Packet] {
    let bytes = session.output.array
    session.transmitted(bytes.count, at: now)
    var packets: [Packet] = []
    var position = 0
    bytes.withUnsafeBytes { bytes in
      while let packet = try? Packet(from: bytes, at: &position, version) { packets.append(packet) }
    }
    precondition(position == bytes.count, "the client sent something that is no packet")
    return packets
  }

  /// What the session makes of bytes from the server.
  func receive(_ bytes: [UInt8]) throws -> [Seen] {
    input += bytes
    var position = 0
    var seen: [Seen] = []
    defer { input.removeFirst(position) }
    try input.withUnsafeBytes { input in
      while let event = try session.nextEvent(in: input, from: &position, at: now) {
        seen.append(Seen(event))
      }
    }
    return seen
  }

  /// Takes one message and leaves it unacknowledged.
  func receiveAndWithhold(_ packet: Packet) throws {
    var position = 0
    try packet.encoded(version).withUnsafeBytes { bytes in
      guard case .message(let message)? = try session.nextEvent(in: bytes, from: &position, at: now)
      else { throw NoEvent() }
      session.withholdAcknowledgement(of: message)
    }
  }

  func receive(_ packets: Packet...) throws -> [Seen] {
    try receive(packets.flatMap { $0.encoded(version) })
  }

  /// The fault that bytes lead to, nil when they lead to none.
  func fault(_ bytes: [UInt8]) -> SessionFault? {
    do {
      _ = try receive(bytes)
      return nil
    } catch {
      return error as? SessionFault
    }
  }

  /// The reason code of the DISCONNECT at the end of what was sent.
  func disconnectReason() -> UInt8? {
    guard case .disconnect(let packet)? = sent().last else { return nil }
    return packet.reason.rawValue
  }

  @discardableResult
  func publish(
    _ qos: QoS, _ payload: String = "p", topic: String = "t", properties: Properties = .none,
    retain: Bool = false
  ) throws -> PacketID? {
    let publication = Publication(
      topic: try TopicName(Array(topic.utf8)), qos: qos, retain: retain, properties: properties,
      version)
    return try Array(payload.utf8).withUnsafeBytes { try session.publish(publication, $0) }
  }
}

/// An event with its bytes copied, so that it can be kept and compared.
enum Seen: Hashable {
  case connected(ConnAck, Resumption)
  case message(topic: String, payload: String, QoS, PacketID?)
  case received(PacketID)
  case acknowledged(PacketID)
  case unmatched(PacketID)
  case rejected(Acknowledgement)
  case subscribed(SubscriptionAck)
  case unsubscribed(SubscriptionAck)
  case challenged(Auth)

  init(_ event: Event) {
    switch event {
    case .connected(let connAck, let resumption): self = .connected(connAck, resumption)
    case .message(let message):
      self = .message(
        topic: String(decoding: message.topic, as: UTF8.self),
        payload: String(decoding: message.payload, as: UTF8.self), message.qos, message.packetID)
    case .received(let id): self = .received(id)
    case .acknowledged(let id): self = .acknowledged(id)
    case .unmatched(let id): self = .unmatched(id)
    case .rejected(let packet): self = .rejected(packet)
    case .subscribed(let packet): self = .subscribed(packet)
    case .unsubscribed(let packet): self = .unsubscribed(packet)
    case .challenged(let packet): self = .challenged(packet)
    }
  }
}

func id(_ number: UInt16) -> PacketID { PacketID(rawValue: number) ?? .first }

func publishPacket(
  _ qos: QoS, _ number: UInt16 = 1, _ payload: String = "p", topic: String = "t",
  duplicate: Bool = false, properties: Properties = .none
) -> Packet {
  .publish(
    Publish(
      topic: UTF8String(stringLiteral: topic), payload: Array(payload.utf8), qos: qos,
      duplicate: duplicate, packetID: qos == .atMostOnce ? nil : id(number),
      properties: properties))
}

func properties(_ entries: Property?...) -> Properties { Properties(entries.compactMap { $0 }) }

func ack(_ type: PacketType, _ number: UInt16, _ reason: ReasonCode = .success) -> Packet {
  .acknowledgement(Acknowledgement(type, id(number), reason))
}
