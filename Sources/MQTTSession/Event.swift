import MQTTProtocol

/// What happened on the connection that the application has to know.
package enum Event {
  /// The server accepted the connection.
  case connected(ConnAck, Resumption)
  /// A message arrived.  Above QoS 0 its acknowledgement waits for `releaseAcknowledgements`.
  case message(ReceivedMessage)
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

/// A message as it lies in the input; valid until the input changes or the session's next call.
package struct ReceivedMessage {
  package var topic: UnsafeRawBufferPointer
  package var payload: UnsafeRawBufferPointer
  /// The properties with their length in front; empty below MQTT 5.
  package var properties: UnsafeRawBufferPointer
  package var qos: QoS
  package var retain: Bool
  package var duplicate: Bool
  package var packetID: PacketID?

  package init(
    topic: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer,
    properties: UnsafeRawBufferPointer, qos: QoS, retain: Bool, duplicate: Bool = false,
    packetID: PacketID?
  ) {
    self.topic = topic
    self.payload = payload
    self.properties = properties
    self.qos = qos
    self.retain = retain
    self.duplicate = duplicate
    self.packetID = packetID
  }
}
