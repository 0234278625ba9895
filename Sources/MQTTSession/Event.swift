import MQTTProtocol

/// What happened on the connection that the application has to know.
package enum Event {
  /// The server accepted the connection.
  case connected(ConnAck, Resumption)
  /// A message arrived.  Above QoS 0 its acknowledgement waits for `releaseAcknowledgements`.
  case message(ReceivedMessage)
  /// PUBREC came, and PUBREL is in the output: what must be known before it leaves can be noted down now.
  /// Only where `reportsReceipt` asks for it.
  case received(PacketID)
  /// A published message is where its QoS wants it: PUBACK or PUBCOMP arrived.
  case acknowledged(PacketID)
  /// The server has a published message and nobody subscribes to its topic: PUBACK or PUBREC said so
  /// (0x10, MQTT 5).  At QoS 1 this stands for `acknowledged`.
  case unmatched(PacketID)
  /// The server refused a published message; it is not sent again [MQTT-4.4.0-2].
  case rejected(Acknowledgement)
  case subscribed(SubscriptionAck)
  case unsubscribed(SubscriptionAck)
  /// A step of enhanced authentication, to be answered by `authenticate`.
  case challenged(Auth)
}

/// What became of messages that an earlier connection left unacknowledged.
package struct Resumption: Hashable, Sendable {
  /// Sent again as the protocol wants it, since the server kept the session.
  package var resent: Int
  /// Sent as new messages, since the server lost the session: they may arrive twice.
  package var renewed: Int
  /// Could not be sent again: their payload was streamed and is gone, or this server does not take
  /// them.
  package var abandoned: [PacketID]

  package init(resent: Int = 0, renewed: Int = 0, abandoned: [PacketID] = []) {
    self.resent = resent
    self.renewed = renewed
    self.abandoned = abandoned
  }
}
