// The server's answers to what we sent, and sending again after a lost connection.

import MQTTProtocol

extension Session {
  /// PUBACK, PUBREC or PUBCOMP.
  mutating func acknowledged(_ packet: Acknowledgement) throws(SessionFault) -> Event? {
    guard let index = inFlight.index(of: packet.packetID) else {
      // MQTT 5 §4.3.3: an unknown PUBREC is answered so that the server can let go of it too.
      if packet.type == .pubRec, !packet.reason.isFailure {
        appendRelease(packet.packetID, .packetIdentifierNotFound)
      }
      return nil
    }
    let state = inFlight[index].state
    switch (packet.type, state) {
    case (.pubAck, .awaitingPubAck), (.pubComp, .awaitingPubComp),
      // RabbitMQ grants QoS 1 where 2 was asked for and ends the handshake with PUBACK.
      (.pubAck, .awaitingPubRec):
      finish(at: index)
      return packet.reason.isFailure ? .rejected(packet) : .acknowledged(packet.packetID)
    case (.pubRec, .awaitingPubRec):
      if packet.reason.isFailure {
        finish(at: index)
        return .rejected(packet)
      }
      inFlight.setState(.awaitingPubComp, at: index)
      appendRelease(packet.packetID, .success)
      return nil
    case (.pubRec, .awaitingPubComp):
      appendRelease(packet.packetID, .success)
      return nil
    default:
      throw .unexpected(packet.type)
    }
  }

  mutating func subscriptionAcknowledged(
    _ packet: SubscriptionAck
  ) throws(SessionFault) -> Event? {
    let wanted: InFlight.State = packet.type == .subAck ? .awaitingSubAck : .awaitingUnsubAck
    guard let index = inFlight.index(of: packet.packetID), inFlight[index].state == wanted else {
      throw .unsolicited(packet.type, packet.packetID)
    }
    let filters = inFlight[index].filters
    if packet.type == .subAck || version == .v5, packet.codes.count != filters {
      throw .wrongCodeCount(packet.type, expected: filters, received: packet.codes.count)
    }
    inFlight.finish(at: index)
    return packet.type == .subAck ? .subscribed(packet) : .unsubscribed(packet)
  }

  // MARK: Resumption

  /// After CONNACK: decides what becomes of the messages of earlier connections.
  mutating func resume() -> Resumption {
    var resumption = Resumption()
    if !serverKeptSession {
      received.removeAll()
      receivedEarlier = 0
      subscriptionIdentifiers = []
    }
    var index = 0
    while index < inFlight.count, inFlight[index].serial < carriedEnd {
      let entry = inFlight[index]
      let next = entry.serial + 1
      if entry.state.isPublish, serverKeptSession || entry.state != .awaitingPubComp {
        if entry.stored > 0 || entry.state == .awaitingPubComp {
          if serverKeptSession { resumption.resent += 1 } else { resumption.renewed += 1 }
        } else {
          resumption.abandoned.append(entry.id)
          inFlight.finish(at: index)
        }
      } else if entry.state != .done {
        // A SUBSCRIBE belongs to its connection, a PUBREL to the session that is gone.
        inFlight.finish(at: index)
      }
      index = inFlight.firstIndex(from: next)
    }
    sendCarried()
    return resumption
  }

  /// Sends again as much as the window allows, oldest first [MQTT-4.6.0-1].
  private mutating func sendCarried() {
    while nextCarried < carriedEnd, outstanding < window, payloadOwed == 0, !isLeaving {
      let index = inFlight.firstIndex(from: nextCarried)
      guard index < inFlight.count, inFlight[index].serial < carriedEnd else {
        nextCarried = carriedEnd
        return
      }
      let entry = inFlight[index]
      nextCarried = entry.serial + 1
      switch entry.state {
      case .awaitingPubComp:
        appendRelease(entry.id, .success)
        outstanding += 1
      case .awaitingPubAck, .awaitingPubRec:
        if inFlight.resend(at: index, duplicate: serverKeptSession, into: &output) {
          outstanding += 1
        }
      default: break
      }
    }
  }

  private mutating func finish(at index: Int) {
    if inFlight[index].serial >= carriedEnd || inFlight[index].serial < nextCarried {
      outstanding -= 1
    }
    inFlight.finish(at: index)
    if nextCarried < carriedEnd { sendCarried() }
  }

  private mutating func appendRelease(_ id: PacketID, _ reason: ReasonCode) {
    if reason == .success || version != .v5 {
      appendControl {
        $0.append(0x6202 as UInt16)
        $0.append(id.rawValue)
      }
    } else {
      let packet = Acknowledgement(.pubRel, id, reason)
      appendControl { packet.encode(into: &$0, .v5) }
    }
  }
}
