// Enhanced authentication: who answers the server's challenges, and when it is done again.  MQTT 5 §4.12.

import MQTTProtocol
import MQTTSession

/// Why enhanced authentication came to nothing.
package enum AuthenticationFault: Error, Hashable, Sendable {
  /// The server did not show that it is the right one.
  case untrusted(String)
  /// The server broke the rules of the method.
  case broken(String)
  /// What is asked for cannot be had here.
  case impossible(String)
}

extension AuthenticationFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .untrusted(let text), .broken(let text), .impossible(let text): text
    }
  }
}

/// One method, on one connection.
package protocol Authenticator: AnyObject {
  /// Begins authentication, the first or another one.
  ///
  /// - Returns: the method's first data.
  func begin() throws(ClientFailure) -> [UInt8]
  /// - Returns: the answer to the server's data.
  func answer(_ challenge: [UInt8]) throws(ClientFailure) -> [UInt8]
  /// The server says that it is done.
  ///
  /// - Throws: when this side is not content with the server.
  func conclude(_ data: [UInt8]?) throws(ClientFailure)
}

/// An authenticator at work.
struct Authentication {
  let authenticator: any Authenticator
  /// Between one re-authentication and the next; nil for none.
  let interval: Duration?
  /// For the server's answers.
  let patience: Duration
  /// When the next one begins or, while one is under way, has to be over.
  private(set) var due: Instant?
  private var challenges = 0

  /// A server that goes on asking does not want to be content.
  private static let mostChallenges = 64

  init(_ authenticator: any Authenticator, every interval: Duration?, patience: Duration) {
    self.authenticator = authenticator
    self.interval = interval
    self.patience = patience
  }

  func isDue(at now: Instant) -> Bool { due.map { now >= $0 } ?? false }

  /// Begins re-authentication, or ends the wait for its end.
  mutating func attend(_ session: inout Session, at now: Instant) throws(ClientFailure) {
    guard session.phase == .connected else { return }
    if session.isAuthenticating { throw .noAnswer(to: "AUTH", within: patience) }
    let data = try authenticator.begin()
    challenges = 0
    due = now + patience
    try Self.send(.reAuthenticate, data, &session)
  }

  /// - Returns: false for what is not its affair.
  mutating func handle(
    _ event: Event, _ session: inout Session, at now: Instant
  ) throws(ClientFailure) -> Bool {
    switch event {
    case .connected(let connAck, _):
      try conclude(connAck.properties, at: now)
      return false
    case .challenged(let packet) where packet.reason == .success:
      try conclude(packet.properties, at: now)
    case .challenged(let packet):
      challenges += 1
      if challenges > Self.mostChallenges {
        throw .authentication(
          .broken("authentication is not over after \(Self.mostChallenges) challenges"))
      }
      let data = packet.properties.binary(.authenticationData) ?? []
      let answer = try authenticator.answer(data)
      try Self.send(.continueAuthentication, answer, &session)
    default: return false
    }
    return true
  }

  private mutating func conclude(_ properties: Properties, at now: Instant) throws(ClientFailure) {
    try authenticator.conclude(properties.binary(.authenticationData))
    due = interval.map { now + $0 }
  }

  private static func send(
    _ reason: ReasonCode, _ data: [UInt8], _ session: inout Session
  ) throws(ClientFailure) {
    do { try session.authenticate(reason, data: data) } catch {
      // DISCONNECT is on its way already: nothing more is to be said.
      if error == .notConnected { return }
      throw .authentication(.impossible("\(error)"))
    }
  }
}
