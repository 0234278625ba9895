// Lists of session operations from arbitrary bytes: no trap, and the rules that hold whatever happens.

import MQTTProtocol
import MQTTSession

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var script = Script(UnsafeBufferPointer(start: start, count: count))
  script.run()
  return 0
}

/// Reads operations and their arguments from the input until it ends.
private struct Script: ~Copyable {
  private var rest: Slice<UnsafeBufferPointer<UInt8>>
  private var session: Session
  private var now: Duration = .zero
  private var input: [UInt8] = []
  private var isOver = false
  /// A fault came in the middle of a streamed payload: the output ends with a part of a packet.
  private var isCutShort = false

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    rest = bytes[...]
    let first = rest.popFirst() ?? 0
    let version: ProtocolVersion = [.v31, .v311, .v5][Int(first & 3) % 3]
    var properties = Properties()
    if version == .v5 {
      properties.set(Property(.receiveMaximum, UInt32(first >> 4) + 1))
      properties.set(Property(.topicAliasMaximum, 4))
      properties.set(first & 8 != 0 ? Property(.authenticationMethod, "m") : nil)
    }
    let connect = Connect(
      version: version, clientID: "c", cleanStart: first & 4 != 0, keepAlive: UInt16(first >> 5),
      properties: properties)
    session = Session(
      SessionConfiguration(connect: connect, window: Int(first >> 3) + 1, eager: first & 0x40 != 0))
  }

  mutating func run() {
    while let operation = rest.popFirst() {
      let argument = rest.popFirst() ?? 0
      let wasStreaming = session.payloadOwed > 0
      perform(operation % 14, argument)
      if wasStreaming, session.phase == .idle { isCutShort = true }
      check()
    }
  }

  private mutating func perform(_ operation: UInt8, _ argument: UInt8) {
    switch operation {
    case 0: connect()
    case 1: publish(argument)
    case 2: subscribe(argument)
    case 3: feed(take(Int(argument)))
    case 4: feed(serverPacket(argument))
    case 5: advance(argument)
    case 6: transmit(Int(argument))
    case 7: session.connectionLost()
    case 8: try? session.disconnect()
    case 9: session.releaseAcknowledgements()
    case 10: stream(argument)
    case 11: session.setReadingPaused(argument & 1 == 0, at: now)
    case 12: try? session.authenticate(.reAuthenticate, data: [argument])
    default: feed(Packet.connAck(ConnAck(sessionPresent: argument & 1 != 0)).encoded(version))
    }
  }

  private var version: ProtocolVersion { session.version }

  private mutating func take(_ count: Int) -> [UInt8] {
    let bytes = Array(rest.prefix(count))
    rest = rest.dropFirst(count)
    return bytes
  }

  private mutating func connect() {
    session.connect(at: now)
    input = []
    isOver = false
    isCutShort = false
  }

  private mutating func publish(_ argument: UInt8) {
    guard let publication = publication(argument) else { return }
    let before = session.canPublish
    let bytes = take(Int(argument >> 4))
    do {
      try bytes.withUnsafeBytes { _ = try session.publish(publication, $0) }
      precondition(before || publication.qos == .atMostOnce, "the window was overrun")
    } catch {}
  }

  private mutating func stream(_ argument: UInt8) {
    if session.payloadOwed > 0 {
      take(Int(argument & 15)).withUnsafeBytes { session.appendPayload($0) }
    } else if let publication = publication(argument) {
      _ = try? session.publishStreaming(publication, payloadLength: Int(argument >> 4))
    }
  }

  private func publication(_ argument: UInt8) -> Publication? {
    guard let topic = try? TopicName([0x74]) else { return nil }
    var properties = Properties()
    if version == .v5 { properties.set(Property(.topicAlias, UInt32(argument >> 6))) }
    return Publication(
      topic: topic, qos: QoS(rawValue: argument & 3) ?? .exactlyOnce, retain: argument & 4 != 0,
      properties: properties, version)
  }

  private mutating func subscribe(_ argument: UInt8) {
    guard let filter = try? TopicFilter([0x23]) else { return }
    let count = Int(argument & 3)
    if argument & 4 == 0 {
      _ = try? session.subscribe(Array(repeating: Subscription(filter), count: count))
    } else {
      _ = try? session.unsubscribe(Array(repeating: filter, count: count))
    }
  }

  /// A well-formed packet of the kind a server sends, for a small identifier.
  private mutating func serverPacket(_ argument: UInt8) -> [UInt8] {
    let id = PacketID(rawValue: UInt16(take(1).first ?? 1) & 15) ?? .first
    let packet: Packet
    switch argument % 9 {
    case 0: packet = .acknowledgement(Acknowledgement(.pubAck, id))
    case 1: packet = .acknowledgement(Acknowledgement(.pubRec, id))
    case 2: packet = .acknowledgement(Acknowledgement(.pubRel, id))
    case 3: packet = .acknowledgement(Acknowledgement(.pubComp, id))
    case 4: packet = .pingResp
    case 5: packet = .subscriptionAck(SubscriptionAck(.subAck, id, [.grantedQoS0]))
    case 6: packet = .acknowledgement(Acknowledgement(.pubRec, id, .notAuthorized))
    default:
      let qos = QoS(rawValue: argument >> 6) ?? .exactlyOnce
      packet = .publish(
        Publish(
          topic: "t", payload: [1, 2], qos: qos, packetID: qos == .atMostOnce ? nil : id))
    }
    return packet.encoded(version)
  }

  private mutating func feed(_ bytes: [UInt8]) {
    if session.phase == .idle { return }
    input += bytes
    var position = 0
    var touched = 0
    input.withUnsafeBytes { input in
      do {
        while let event = try session.nextEvent(in: input, from: &position, at: now) {
          if case .message(let message) = event {
            // Everything a message points at is there to be read.
            for byte in message.topic { touched &+= Int(byte) }
            for byte in message.payload { touched &+= Int(byte) }
            for byte in message.properties { touched &+= Int(byte) }
          }
        }
      } catch {
        precondition(session.phase == .idle, "a connection outlived its fault")
      }
    }
    precondition(position <= input.count && touched >= 0)
    input.removeFirst(position)
  }

  private mutating func advance(_ argument: UInt8) {
    now += .milliseconds(Int(argument) * 50)
    try? session.timeout(at: now)
    precondition(session.nextTimeout.map { $0 > now || $0 <= now + .seconds(70_000) } ?? true)
  }

  /// What leaves must be packets that a client sends, and nothing behind DISCONNECT.
  private mutating func transmit(_ count: Int) {
    if session.payloadOwed > 0 || isCutShort { return }
    let bytes = session.output.array
    var position = 0
    bytes.withUnsafeBytes { bytes in
      while position < bytes.count {
        precondition(!isOver, "a packet after DISCONNECT")
        let packet = try? Packet(from: bytes, at: &position, version)
        switch packet {
        case .connect, .publish, .acknowledgement, .subscribe, .unsubscribe, .pingReq, .auth: break
        case .disconnect: isOver = true
        case .connAck, .subscriptionAck, .pingResp, nil:
          preconditionFailure("the client sent what no client sends")
        }
      }
    }
    session.transmitted(bytes.count, at: now)
  }

  private func check() {
    if session.configuration.connect.version != .v5 {
      precondition(session.limits.receiveMaximum == 65_535)
    }
    precondition(session.payloadOwed >= 0)
  }
}
