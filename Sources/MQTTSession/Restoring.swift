// Messages whose packet identifiers outlive the process that sent them.

import MQTTProtocol

extension Session {
  /// Most messages above QoS 0 between the oldest unfinished one and the next, by their numbers: each has
  /// an identifier of its own.
  package static let mostNumbers = 65_535

  /// Gives the next message above QoS 0 the packet identifier that belongs to a number of the caller's.
  ///
  /// - Parameter number: above those before it, and within `mostNumbers` of the oldest unfinished one.
  package mutating func setNextNumber(_ number: Int) { inFlight.advance(to: number - 1) }

  /// Puts a message of an earlier run among those in flight, before the first connection: once that
  /// stands, it is sent again as if the session had never ended (MQTT 5 §4.4).
  ///
  /// - Parameters:
  ///   - payload: nil where only the identifier is to be released: the message is not sent again.
  ///   - isReceived: PUBREC came for it: PUBREL is sent in place of the message.
  package mutating func restore(
    _ publication: borrowing Publication, _ payload: UnsafeRawBufferPointer?, number: Int,
    isReceived: Bool
  ) -> PacketID? {
    setNextNumber(number)
    guard publication.qos != .atMostOnce, let id = inFlight.nextID() else { return nil }
    guard let payload else {
      inFlight.append(.awaitingPubComp)
      return id
    }
    var packet = ByteBuffer()
    publication.plain.encode(into: &packet, packetID: id, payloadLength: payload.count)
    packet.append(payload)
    let sent: InFlight.State =
      publication.qos == .atLeastOnce ? .awaitingPubAck : .awaitingPubRec
    inFlight.append(isReceived ? .awaitingPubComp : sent, storing: packet.bytes)
    return id
  }

  /// The message with that identifier waits for an answer.
  package func isInFlight(_ id: PacketID) -> Bool { inFlight.index(of: id) != nil }
}
