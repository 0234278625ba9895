import MQTTProtocol

/// Why a connection is over.
package enum SessionFault: Error, Hashable, Sendable {
  case malformed(MalformedPacket)
  /// A packet that this side never receives, or not now.
  case unexpected(PacketType)
  /// An answer to nothing that was asked.
  case unsolicited(PacketType, PacketID)
  case wrongCodeCount(PacketType, expected: Int, received: Int)
  case sessionPresentAfterCleanStart
  case noClientIdentifierAssigned
  case receiveMaximumExceeded(Int)
  case topicAliasInvalid(Int, maximum: Int)
  case topicAliasUnknown(Int)
  case subscriptionIdentifierUnknown(UInt32)
  case qosNotAllowed(QoS)
  case problemInformationUnasked(PacketType)
  case authenticationMethodMismatch
  case sessionExpiryFromServer
  case keepAliveTimeout
  /// What was published before CONNACK is more than the server takes.
  case earlyPublishNotSupported(Refusal)
  /// The server refused the connection.
  case refused(ConnAck)
  /// The server ended the connection with DISCONNECT.
  case disconnected(Disconnect)

  /// The code to tell the server; nil when it knows.  MQTT 5 §4.13.
  package var reason: ReasonCode? {
    switch self {
    case .malformed(let fault): fault.reason
    case .receiveMaximumExceeded: .receiveMaximumExceeded
    case .topicAliasInvalid: .topicAliasInvalid
    case .qosNotAllowed: .qosNotSupported
    case .keepAliveTimeout: .keepAliveTimeout
    case .refused, .disconnected, .earlyPublishNotSupported: nil
    default: .protocolError
    }
  }
}

extension SessionFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformed(let fault): "the server sent \(fault)"
    case .unexpected(let type): "the server sent an unexpected \(type)"
    case .unsolicited(let type, let id):
      "the server sent \(type) for packet identifier \(id), which is not in use"
    case .wrongCodeCount(let type, let expected, let received):
      "the server sent \(type) with \(received) reason codes for \(expected) topic filters"
    case .sessionPresentAfterCleanStart:
      "the server resumed a session although a clean one was asked for"
    case .noClientIdentifierAssigned: "the server assigned no client identifier"
    case .receiveMaximumExceeded(let maximum):
      "the server exceeded our Receive Maximum of \(maximum)"
    case .topicAliasInvalid(let alias, let maximum):
      "the server used topic alias \(alias), above our maximum of \(maximum)"
    case .topicAliasUnknown(let alias): "the server used topic alias \(alias) without a topic"
    case .subscriptionIdentifierUnknown(let id):
      "the server sent subscription identifier \(id), which is not ours"
    case .qosNotAllowed(let qos): "the server sent a message with QoS \(qos.rawValue)"
    case .problemInformationUnasked(let type):
      "the server sent problem information in \(type) although we asked for none"
    case .authenticationMethodMismatch: "the server changed the authentication method"
    case .sessionExpiryFromServer: "the server sent a session expiry interval in DISCONNECT"
    case .keepAliveTimeout: "the server did not answer PINGREQ in time"
    case .earlyPublishNotSupported(let refusal): "\(refusal)"
    case .refused(let connAck):
      "connection refused by the server (code \(connAck.code))"
    case .disconnected(let packet): "disconnected by the server: \(packet.reason)"
    }
  }
}
