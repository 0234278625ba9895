import MQTTProtocol
import MQTTSession
import Transport

/// Why a client, or the run, cannot go on.
package enum LoadFault: Error, Hashable, Sendable {
  case transport(TransportError)
  case session(SessionFault)
  case refusal(Refusal)
  case closedByServer(beforeConnAck: Bool)
  case noAnswer(to: String, within: Duration)
  case authentication(String)
  /// SUBACK had a code of failure.
  case subscriptionRefused(UInt8)
  /// The system has not got what it takes.
  case impossible(String)
}

/// A fault, and the number of the client that met it.
package struct ClientFault: Sendable {
  package var client: Int
  package var fault: LoadFault
}

extension LoadFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .transport(let error): "\(error)"
    case .session(let fault): "\(fault)"
    case .refusal(let refusal): "\(refusal)"
    case .closedByServer(beforeConnAck: true):
      "the server closed the connection without answering CONNECT"
    case .closedByServer: "the server closed the connection"
    case .noAnswer(let packet, let limit): "no answer to \(packet) within \(limit.shownSeconds) s"
    case .authentication(let text): text
    case .subscriptionRefused(let code): "the server refused the subscription (code \(code))"
    case .impossible(let text): text
    }
  }
}

extension LoadFault {
  /// The same attempt may succeed later.
  var mayPass: Bool {
    switch self {
    case .transport, .closedByServer, .noAnswer: true
    case .session(.keepAliveTimeout), .session(.disconnected): true
    case .session, .refusal, .authentication, .subscriptionRefused, .impossible: false
    }
  }
}
