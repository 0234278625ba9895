// The server's answers to what we sent, and sending again after a lost connection.

import MQTTProtocol

extension Session {
  /// What an acknowledgement means for the message that it names.
  enum Progress { case none, received, acknowledged, rejected }

  /// PUBACK, PUBREC or PUBCOMP.
  mutating func acknowledged(
    _ type: PacketType, _ id: PacketID, _ reason: ReasonCode = .success
  ) throws(SessionFault) -> Progress {
    guard let index = inFlight.index(of: id) else {
      // MQTT 5 §4.3.3: an unknown PUBREC is answered so that the server can let go of it too.
      if case .pubRec = type, !reason.isFailure { appendRelease(id, .packetIdentifierNotFound) }
      return .none
    }
    let entry = inFlight[index]
    switch (type, entry.state) {
    case (.pubAck, .awaitingPubAck):
      finish(at: index)
      return reason.isFailure ? .rejected : .acknowledged
    case (.pubAck, .awaitingPubRec):
      // RabbitMQ knows no QoS 2 and ends its handshake with PUBACK: the message is safe, once or twice.
      lowersQoS = true
      finish(at: index)
      return reason.isFailure ? .rejected : .acknowledged
    case (.pubRec, .awaitingPubRec), (.pubRec, .awaitingPubComp):
      if reason.isFailure {
        finish(at: index)
        return .rejected
      }
      inFlight.setState(.awaitingPubComp, at: index)
      appendRelease(id, .success)
      return reportsReceipt ? .received : .none
    case (.pubComp, .awaitingPubComp):
      finish(at: index)
      // In recovery 'not found' says that an earlier PUBREL had arrived (§3.7.2.1).
      return reason.isFailure && entry.serial >= carriedEnd ? .rejected : .acknowledged
    default:
      throw .unexpected(type)
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
      switch entry.state {
      case .done: break
      case .awaitingPubComp where serverKeptSession: resumption.resent += 1
      case .awaitingPubAck, .awaitingPubRec, .awaitingPubComp:
        if limits.take(inFlight.packet(at: index)) {
          // A server that loses a session may lose with it what it had not been told to release.
          if entry.state == .awaitingPubComp { inFlight.setState(.awaitingPubRec, at: index) }
          if serverKeptSession { resumption.resent += 1 } else { resumption.renewed += 1 }
        } else {
          resumption.abandoned.append(entry.id)
          inFlight.finish(at: index)
        }
      case .awaitingSubAck, .awaitingUnsubAck:
        // They belong to their connection.
        inFlight.finish(at: index)
      }
      index = inFlight.firstIndex(from: next)
    }
    sendCarried()
    return resumption
  }

  /// After `holdsCarriedOver`.
  package mutating func sendCarriedOver() {
    holdsCarriedOver = false
    sendCarried()
  }

  /// Sends again as much as the window allows, oldest first [MQTT-4.6.0-1].
  mutating func sendCarried() {
    if holdsCarriedOver { return }
    while nextCarried < carriedEnd, outstanding < window, payloadOwed == 0, phase == .connected {
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
        inFlight.resend(at: index, duplicate: serverKeptSession, into: &output)
        outstanding += 1
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
    if !reason.isFailure || version != .v5 {
      appendAcknowledgement(0x6202, id)
    } else {
      let packet = Acknowledgement(.pubRel, id, reason)
      appendControl { packet.encode(into: &$0, .v5) }
    }
  }
}
