// PUBACK and PUBREC wait until the application has the messages in its hands.

import MQTTProtocol

extension Session {
  /// The number of the acknowledgement that was made last, which belongs to the message handed on last.
  package var lastAcknowledgement: Int { released + held.count / 4 }

  /// Some were made and not released yet.
  package var holdsAcknowledgements: Bool { !held.isEmpty }

  /// The application has every message that was handed to it, or those up to the acknowledgement with
  /// that number: their acknowledgements may leave, in the order of the messages [MQTT-4.6.0-2, -3].
  package mutating func releaseAcknowledgements(upTo last: Int = .max) {
    let count = min(held.count / 4, last - released)
    if count <= 0 { return }
    let leaving = UnsafeRawBufferPointer(rebasing: held.bytes[..<(4 * count)])
    if phase == .connected {
      if payloadOwed > 0 { deferred.append(leaving) } else { output.append(leaving) }
    }
    if leaving.count == held.count {
      heldQoS1 = 0
      heldQoS2 = 0
    } else {
      for place in 0..<count {
        // A repetition of a QoS 2 message is acknowledged again, but was not counted.
        if leaving[4 * place] == 0x40 { heldQoS1 -= 1 } else { heldQoS2 = max(0, heldQoS2 - 1) }
      }
    }
    held.removeFirst(4 * count)
    released += count
  }

  /// The message that was handed on last stays unacknowledged: the application does not take it.
  package mutating func withholdAcknowledgement(of message: ReceivedMessage) {
    guard let id = message.packetID, held.count >= 4 else { return }
    held.truncate(to: held.count - 4)
    if case .atLeastOnce = message.qos {
      heldQoS1 -= 1
    } else {
      heldQoS2 -= 1
      _ = received.remove(id)
    }
  }

  /// QoS 2 messages of this connection have had their PUBREC and wait for PUBREL.
  package var awaitsRelease: Bool { received.count - heldQoS2 > receivedEarlier }
}
