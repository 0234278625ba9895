/// What a latency is measured between.  The names are those of the reports.
package enum LatencyKind: Int, CaseIterable, Hashable, Sendable {
  /// From the moment a message was due to its arrival at the subscriber, or at the requester for an
  /// answer: what a user waits, queueing included.
  case delivery
  /// From the moment a message was really written to its arrival: what coordinated omission leaves.
  case service
  /// From the moment a PUBLISH was due to its PUBACK or PUBCOMP.
  case ack
  /// From connect(2) to the connection's establishment.
  case connect
  /// The handshake of TLS.
  case tls
  /// From CONNECT to CONNACK.
  case connack
  /// From SUBSCRIBE to SUBACK.
  case suback

  package var name: String {
    switch self {
    case .delivery: "delivery"
    case .service: "service"
    case .ack: "ack"
    case .connect: "connect"
    case .tls: "tls"
    case .connack: "connack"
    case .suback: "suback"
    }
  }

  package init?(name: String) {
    guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = kind
  }
}
