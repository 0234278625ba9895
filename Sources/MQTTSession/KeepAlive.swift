/// When to send PINGREQ, and when the silence has lasted too long.  MQTT 5 §3.1.2.10.
///
/// A PINGREQ is due when nothing was sent for the interval [MQTT-3.1.2-20], and also when nothing was
/// received: a publisher that only sends would not notice a dead peer otherwise.  The answer has one
/// more interval from when the PINGREQ left; bytes that still arrive extend it (the answer may be
/// behind a large packet), and it does not run while the application does not read, since the answer
/// may be waiting in the socket.
struct KeepAlive {
  /// Nil when switched off.
  private var interval: Duration?
  private var lastSent: Instant = .zero
  private var lastReceived: Instant = .zero
  private var ping: Ping?
  private var isPaused = false
  private var resumed: Instant = .zero

  private struct Ping {
    var queued: Instant
    /// Bytes that leave up to the PINGREQ's last one.
    var ahead: Int
  }

  mutating func start(seconds: UInt16, at now: Instant) {
    interval = seconds == 0 ? nil : .seconds(Int(seconds))
    lastSent = now
    lastReceived = now
    resumed = now
    ping = nil
  }

  mutating func stop() {
    interval = nil
    ping = nil
  }

  mutating func sent(_ count: Int, at now: Instant) {
    if var waiting = ping, waiting.ahead > 0 {
      waiting.ahead -= count
      waiting.queued = now
      ping = waiting
    }
    lastSent = max(lastSent, now)
  }

  mutating func received(at now: Instant) { lastReceived = max(lastReceived, now) }

  mutating func answered() { ping = nil }

  mutating func setPaused(_ paused: Bool, at now: Instant) {
    if isPaused, !paused { resumed = now }
    isPaused = paused
  }

  enum Duty { case nothing, ping, giveUp }

  var deadline: Instant? {
    guard let interval else { return nil }
    guard let ping else { return min(lastSent, lastReceived) + interval }
    // While paused the next thing due is another PINGREQ, for the server's sake.
    if isPaused { return max(lastSent, ping.queued) + interval }
    return max(ping.queued, lastReceived, resumed) + interval
  }

  /// - Parameter waiting: bytes of output that are still to leave.
  /// - Returns: what is due; a `.ping` counts as queued behind them.
  mutating func duty(at now: Instant, waiting: Int) -> Duty {
    guard let deadline, now >= deadline else { return .nothing }
    if ping != nil, !isPaused { return .giveUp }
    ping = Ping(queued: now, ahead: waiting + 2)
    return .ping
  }
}
