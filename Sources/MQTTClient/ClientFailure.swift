import MQTTSession
import Transport

/// Why the client cannot go on.
package enum ClientFailure: Error, Hashable, Sendable {
  case transport(TransportError)
  case session(SessionFault)
  /// The server closed the connection without a word.
  case closedByServer(beforeConnAck: Bool)
  /// Nothing came of it in time.
  case noAnswer(to: String, within: Duration)
  /// SIGINT, SIGTERM or SIGHUP.
  case interrupted(signal: CInt)
}
