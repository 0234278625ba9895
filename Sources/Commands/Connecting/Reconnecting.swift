// Coming back after a lost connection.

import MQTTClient
import MQTTProtocol
import MQTTSession
import Transport

extension Settings {
  /// What a run does that has lost its connection (`--on-loss`).
  enum OnLoss: String, Hashable, Sendable, CaseIterable {
    /// Connects again, sooner or later.
    case wait
    case exit
  }
}

/// Connects a client again, and goes on trying.
struct Reconnecting {
  private let connecting: Connecting
  private let reporter: Reporter
  private let backoff: Backoff
  /// Since the last connection that stood for a while.
  private var attempts = 0
  private var connectedAt = MonotonicClock.now()
  /// What was said last about why there is no connection.
  private var told: String?

  init(_ connecting: Connecting, _ reporter: Reporter) {
    self.connecting = connecting
    self.reporter = reporter
    let connection = connecting.settings.connection
    backoff = Backoff(
      first: .seconds(connection.reconnectDelay), ceiling: .seconds(connection.reconnectMax),
      isSpread: connecting.settings.personality == .apus)
  }

  /// Waits until a server has accepted us for the first time.
  ///
  /// - Parameter persists: mosquitto's client tries again where a server hangs up before that.
  mutating func awaitAcceptance(_ client: inout Client, persists: Bool) throws(Failure) {
    do throws(ClientFailure) {
      do throws(ClientFailure) { try connecting.awaitConnAck(&client) } catch {
        guard persists, connecting.settings.personality != .apus, error.isHangUp else {
          throw error
        }
        _ = try comeBack(&client, after: error)
      }
    } catch {
      client.abandon()
      throw connecting.failure(error)
    }
  }

  /// Closes what is left of the connection and makes a new one.
  ///
  /// - Returns: what CONNACK says, and what became of messages in flight.
  /// - Throws: `failure` or a later one that does not pass, `.interrupted`, `.timedOut`.
  mutating func comeBack(
    _ client: inout Client, after failure: ClientFailure
  ) throws(ClientFailure) -> Connected {
    settle()
    if !maySucceed(after: failure) { throw failure }
    client.close()
    var failure = failure
    var loss: ClientFailure? = failure
    while true {
      guard let next = next(after: failure, isLoss: loss != nil) else { throw failure }
      if let notice = next.notice { say(notice) }
      try pause(next.delay, &client)
      connecting.beginRound(afterLossBy: loss)
      loss = nil
      do throws(ClientFailure) {
        let connected = try connecting.connectAgain(&client)
        say(cameBack())
        return connected
      } catch {
        client.close()
        failure = error
      }
    }
  }

  /// A connection was lost.
  mutating func settle() {
    told = nil
    // A server that accepts and hangs up at once is not asked ever faster.
    if MonotonicClock.now() - connectedAt > backoff.limit(before: attempts) {
      attempts = 0
      connecting.servers.settle()
    }
  }

  /// - Parameter isLoss: it is the failure that the connection was lost by.
  /// - Returns: how long to wait before the next attempt, and what there is to be said about it; nil where
  ///   no attempt is to be made.
  mutating func next(
    after failure: ClientFailure, isLoss: Bool
  ) -> (delay: Duration, notice: String?)? {
    if !maySucceed(after: failure) { return nil }
    attempts += 1
    // Other servers need no time to come back.
    let isAtOnce = attempts == 1 && isLoss && hasElsewhere(after: failure)
    let delay = isAtOnce ? .zero : backoff.delay(before: attempts, chance: .random(in: 0..<1))
    let why = connecting.failure(failure).text
    defer { told = why }
    if why == told { return (delay, nil) }
    let when = isAtOnce ? "to another server" : "in \(delay.shownSeconds) s at first"
    return (delay, "\(why); connecting again (\(when))")
  }

  /// - Returns: what there is to be said about it.
  mutating func cameBack() -> String {
    connectedAt = MonotonicClock.now()
    return "connected again" + (connecting.servers.isSeveral ? " to \(connecting.endpoint)" : "")
  }

  private func maySucceed(after failure: ClientFailure) -> Bool {
    let settings = connecting.settings
    // Mosquitto's clients are over when the server says so.
    if settings.personality != .apus {
      switch failure {
      case .session(.disconnected), .session(.refused): return false
      default: break
      }
    }
    let connection = settings.connection
    let passes =
      failure.mayPass || connecting.roundMayPass
      || failure.sendsElsewhere && hasElsewhere(after: failure)
    return connection.onLoss == .wait && passes && attempts < connection.retries ?? .max
  }

  private func hasElsewhere(after failure: ClientFailure) -> Bool {
    connecting.servers.isSeveral || connecting.canFollow(failure)
  }

  private func pause(_ delay: Duration, _ client: inout Client) throws(ClientFailure) {
    let due = MonotonicClock.now() + delay
    while MonotonicClock.now() < due {
      if try client.attend(until: connecting.deadline) { throw .timedOut }
      _ = try client.wait(until: [due, connecting.deadline].compactMap { $0 }.min())
    }
  }

  /// Mosquitto's clients say nothing about it.
  private func say(_ text: String) {
    if connecting.settings.personality == .apus { reporter.say(text) }
  }
}

extension Int {
  /// `1 message is`, `2 messages are`.
  func are(_ noun: String) -> String { self == 1 ? "1 \(noun) is" : "\(self) \(noun)s are" }
}

extension ClientFailure {
  fileprivate var isHangUp: Bool {
    switch self {
    case .closedByServer, .resetBeforeConnAck: true
    default: false
    }
  }

  /// True when another attempt may succeed: nothing that we sent, and nothing that we are, is at fault.
  var mayPass: Bool {
    switch self {
    case .transport(let error): error.mayPass
    case .authentication: false
    case .closedByServer, .resetBeforeConnAck, .noAnswer: true
    case .session(.keepAliveTimeout): true
    case .session(.refused(let connAck)):
      // 3: server unavailable, below MQTT 5.
      connAck.code == 3 || ReasonCode(rawValue: connAck.code).mayPass
    case .session(.disconnected(let packet)): packet.reason.mayPass
    case .session, .interrupted, .timedOut, .outputNotRead, .outOfMemory: false
    }
  }
}

extension TransportError {
  fileprivate var mayPass: Bool {
    switch self {
    case .lookup, .noService, .connect, .timedOut, .system, .lost, .noHandshake: true
    case .tls(_?, .certificate), .tls(_?, .pin), .tls(_?, .status), .tls(nil, _): false
    case .tls, .noAnswer, .closedByProxy, .command: true
    // Going away, and troubles of the server's own (RFC 6455 §7.4.1, and IANA's 1012 to 1014).
    case .webSocketClosed(_, let code, reason: _): code == 1001 || (1011...1014).contains(code)
    case .upgrade(_, .closed), .upgrade(_, .status(500..., reason: _, location: _)): true
    case .proxy(_, let error): error.mayPass
    case .bind, .listen, .noBindAddress, .invalidPath, .file, .tooLarge, .emptyInput,
      .inputTimedOut,
      .interrupted, .secret, .upgrade, .frame, .socks, .httpProxy:
      false
    }
  }
}

extension ReasonCode {
  /// A server's state, not a judgement on us.  Session taken over is none: two clients with one identifier
  /// would throw each other out for ever.
  fileprivate var mayPass: Bool {
    switch self {
    case .normalDisconnection, .unspecifiedError, .implementationSpecificError,
      .serverUnavailable, .serverBusy, .serverShuttingDown, .keepAliveTimeout,
      .messageRateTooHigh, .quotaExceeded, .administrativeAction, .connectionRateExceeded,
      .maximumConnectTime:
      true
    default: false
    }
  }
}
