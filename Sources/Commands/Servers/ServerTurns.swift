// One server after the other, until one of them takes us.

import MQTTClient
import MQTTProtocol
import MQTTSession
import Transport

extension Connecting {
  /// Dials the servers of this round until one of them is there.
  ///
  /// - Throws: what the last one failed with.
  func reach() throws(TransportError) -> any ByteStream {
    while true {
      do {
        // Each server may want a token of its own time.
        try login.renew(until: limit)
        return try dial(until: limit)
      } catch {
        if !error.leavesOthers || !goOn(after: .transport(error)) { throw error }
      }
    }
  }

  /// Opens the client at the next server that may take it.
  ///
  /// - Throws: `failure` where there is none, or what the last one failed with.
  func openNext(_ client: inout Client, after failure: ClientFailure) throws(ClientFailure) {
    if !turnToNext(after: failure) { throw failure }
    try logIn(&client, over: try reachAgain())
  }

  /// Gives the next server that may take us its turn.
  ///
  /// - Returns: false where there is none.
  func turnToNext(after failure: ClientFailure) -> Bool {
    follow(failure) || failure.leavesOthers && goOn(after: failure)
  }

  func reachAgain() throws(ClientFailure) -> any ByteStream {
    do { return try reach() } catch .interrupted(let signal) {
      throw .interrupted(signal: signal)
    } catch {
      throw .transport(error)
    }
  }

  /// - Returns: false when the round is over.
  private func goOn(after failure: ClientFailure) -> Bool {
    let why = reason(for: failure)
    let mayPass = failure.mayPass
    guard servers.next() else { return false }
    reasons.append(why)
    roundMayPass = roundMayPass || mayPass
    beginTurn()
    return true
  }

  /// What the current server did, with its name in it.
  private func reason(for failure: ClientFailure) -> String {
    let text = plainFailure(failure).text
    let isNamed = text.indices.contains { text[$0...].hasPrefix(connection.host) }
    return isNamed ? text : "\(endpoint): \(text)"
  }

  /// In one line what became of each server of the round.
  func summary(_ failure: ClientFailure) -> String {
    "no server can be used: " + (reasons + [reason(for: failure)]).joined(separator: "; ")
  }

  func beginRound(afterLossBy failure: ClientFailure? = nil) {
    reasons = []
    roundMayPass = false
    if let failure {
      if follow(failure) { return }
      servers.beginRoundAfterLoss()
    } else {
      servers.beginRound()
    }
    beginTurn()
  }

  // MARK: References

  /// Goes where the server says, if that may be.
  private func follow(_ failure: ClientFailure) -> Bool {
    guard case .follow(let references, let isForGood) = verdict(on: failure) else { return false }
    reasons.append(reason(for: failure))
    servers.follow(references, forGood: isForGood)
    beginTurn()
    return true
  }

  func canFollow(_ failure: ClientFailure) -> Bool {
    if case .follow = verdict(on: failure) { return true }
    return false
  }

  /// What the message about a server that sends us elsewhere ends with.
  func note(on failure: ClientFailure) -> String {
    if case .stay(let why) = verdict(on: failure) { return "; \(why)" }
    return ""
  }

  private enum Verdict {
    case follow([Server], forGood: Bool)
    /// And what a person should know about that.
    case stay(String)
    /// The server refers to none.
    case none
  }

  private func verdict(on failure: ClientFailure) -> Verdict {
    guard settings.personality == .apus, let redirection = Redirection(failure) else {
      return .none
    }
    guard settings.connection.followsRedirects else { return .stay("--follow-redirect goes there") }
    let others = redirection.servers.filter { settings.connection.at($0).endpoint != endpoint }
    if others.isEmpty { return .stay("that is no other server") }
    guard servers.mayFollow else {
      return .stay("not followed: it was the \(ServerOrder.mostHops + 1)th reference in a row")
    }
    let allowed = others.filter(mayKnowSecrets)
    if allowed.isEmpty {
      return .stay(
        "not followed: that host would get the login, and nothing proves who it is "
          + "(--tls does; -h HOST asks it by name)")
    }
    return .follow(allowed, forGood: redirection.isForGood)
  }

  /// Secrets go to hosts that a person has named, and to those that prove by their certificate to be the
  /// one that was referred to.  TLS is for all servers of a run or for none.
  private func mayKnowSecrets(_ server: Server) -> Bool {
    let asked = settings.connection
    if asked.provesServer || !asked.carriesSecrets(settings.properties[.connect] ?? .none) {
      return true
    }
    return asked.unixPath == nil && !asked.usesServiceRecords
      && asked.servers.contains { $0.comparedHost == server.comparedHost }
  }
}

extension ClientFailure {
  /// Another server may do better: this one is not there, or says that it is not for us now.
  fileprivate var leavesOthers: Bool {
    switch self {
    case .transport(let error): error.leavesOthers
    case .closedByServer(beforeConnAck: true), .resetBeforeConnAck, .noAnswer: true
    case .session(.refused(let connAck)):
      // 3: server unavailable, below MQTT 5.
      connAck.code == 3 || sendsElsewhere
        || [.serverUnavailable, .serverBusy].contains(ReasonCode(rawValue: connAck.code))
    case .closedByServer, .session, .authentication, .interrupted, .timedOut, .outputNotRead,
      .outOfMemory:
      false
    }
  }
}

extension TransportError {
  fileprivate var leavesOthers: Bool {
    switch self {
    case .lookup, .noService, .connect, .timedOut, .system, .lost, .noHandshake, .noAnswer,
      .closedByProxy, .noBindAddress, .tls(_?, _), .upgrade, .frame, .webSocketClosed, .socks,
      .httpProxy:
      true
    case .proxy(_, let error): error.leavesOthers
    case .bind, .listen, .invalidPath, .file, .tooLarge, .emptyInput, .inputTimedOut, .interrupted,
      .secret,
      .command, .tls(nil, _):
      false
    }
  }
}
