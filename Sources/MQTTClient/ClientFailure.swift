import MQTTSession
import Transport

/// Why the client cannot go on.
package enum ClientFailure: Error, Hashable, Sendable {
  case transport(TransportError)
  case session(SessionFault)
  case authentication(AuthenticationFault)
  /// The server closed the connection without a word.
  case closedByServer(beforeConnAck: Bool)
  case resetBeforeConnAck
  /// The bytes of a packet that is on its way do not fit into memory.
  case outOfMemory(packet: Int)
  /// Nothing came of it in time.
  case noAnswer(to: String, within: Duration)
  /// The time for all of it is over.
  case timedOut
  /// A stop signal came, and whoever reads the output did not take what was begun.
  case outputNotRead
  /// SIGINT, SIGTERM or SIGHUP.
  case interrupted(signal: CInt)
}
