// Whether an outbox's sender has a connection, and when it tries again.

import MQTTClient
import MQTTSession
import Transport

struct OutboxLink {
  private enum State: Equatable {
    /// The next attempt is due then.
    case down(until: Instant)
    case up
    /// No further attempt.
    case hopeless
  }

  private var state = State.down(until: .zero)
  private let backoff: Backoff
  private let retries: Int
  private var attempts = 0
  /// What ended the last connection, for the choice of the next server.
  private var loss: ClientFailure?

  /// Why there is no connection.
  private(set) var failure: Failure?
  /// There was a connection.
  private(set) var hasConnected = false
  /// The broker has judged: another attempt would end like the last one.
  private(set) var isRefused = false

  init(_ connection: Settings.Connection) {
    backoff = Backoff(
      first: .seconds(connection.reconnectDelay), ceiling: .seconds(connection.reconnectMax),
      isSpread: true)
    retries = connection.retries ?? .max
  }

  var isUp: Bool { state == .up }
  var isHopeless: Bool { state == .hopeless }

  /// When the next attempt is due; nil where none is to come.
  var due: Instant? {
    if case .down(let due) = state { due } else { nil }
  }

  /// The next attempt is due at once.
  mutating func hasten() {
    if case .down = state { state = .down(until: .zero) }
  }

  /// - Returns: what ended the connection before.
  mutating func beginAttempt() -> ClientFailure? {
    attempts += 1
    return loss.take()
  }

  mutating func stand() {
    state = .up
    failure = nil
    hasConnected = true
  }

  /// The server has said something: it is no connection that stands for a moment only.
  mutating func hear() { attempts = 0 }

  mutating func giveUp() { state = .hopeless }

  /// The connection is lost, or was not to be had.
  ///
  /// - Parameter why: the same in words.
  /// - Returns: false when the same was said of the attempt before.
  mutating func lose(_ error: ClientFailure, _ why: Failure) -> Bool {
    let isNew = why.text != failure?.text
    if isUp { loss = error }
    failure = why
    isRefused = !error.mayPass
    guard error.mayPass, attempts < retries else {
      state = .hopeless
      return isNew
    }
    let delay = backoff.delay(before: max(1, attempts), chance: .random(in: 0..<1))
    state = .down(until: MonotonicClock.now() + delay)
    return isNew
  }
}
