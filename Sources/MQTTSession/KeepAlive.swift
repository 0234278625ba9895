/// When to send PINGREQ, and when the silence has lasted too long.  MQTT 5 §3.1.2.10.
///
/// A PINGREQ is due when nothing was sent for the interval [MQTT-3.1.2-20], and also when nothing was
/// received: a publisher that only sends would not notice a dead peer otherwise.  The answer has one
/// more interval from when the PINGREQ left; bytes that still arrive extend it (the answer may be
/// behind a large packet, and the server wants another PINGREQ meanwhile), and it does not run while
/// the application does not read, since the answer may be waiting in the socket.
struct KeepAlive {
  /// Nil when switched off.
  private var interval: Duration?
  private var lastSent: Instant = .zero
  private var lastReceived: Instant = .zero
  private var ping: Ping?
  private var isPaused = false
  private var resumed: Instant = .zero

  /// PINGREQ packets without an answer.
  private struct Ping {
    /// When the first of them left, or came nearer to leaving.
    var moved: Instant
    /// Bytes that leave up to the latest one's end.
    var ahead: Int
    var isFirst = true
  }

  /// A connection begins.
  mutating func start(seconds: UInt16, at now: Instant) {
    self = KeepAlive()
    setInterval(seconds: seconds)
    lastSent = now
    lastReceived = now
    resumed = now
  }

  /// - Parameter seconds: 0 switches it off.
  mutating func setInterval(seconds: UInt16) {
    interval = seconds == 0 ? nil : .seconds(Int(seconds))
  }

  mutating func stop() {
    interval = nil
    ping = nil
  }

  mutating func sent(_ count: Int, at now: Instant) {
    guard count > 0 else { return }
    if var waiting = ping, waiting.ahead > 0 {
      waiting.ahead -= count
      if waiting.isFirst { waiting.moved = now }
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
    // A PINGREQ that has not left yet is not followed by another.
    let again = ping.ahead > 0 ? nil : lastSent + interval
    let end = end(of: ping, interval)
    guard let again, let end else { return again ?? end }
    return min(again, end)
  }

  /// - Parameter waiting: bytes of output that are still to leave.
  /// - Returns: what is due; a `.ping` counts as queued behind them.
  mutating func duty(at now: Instant, waiting: Int) -> Duty {
    guard let interval, let deadline, now >= deadline else { return .nothing }
    guard var ping else {
      ping = Ping(moved: now, ahead: waiting + 2)
      return .ping
    }
    if let end = end(of: ping, interval), now >= end { return .giveUp }
    ping.ahead = waiting + 2
    ping.isFirst = false
    self.ping = ping
    return .ping
  }

  /// When the answer is too late; never while the application does not read.
  private func end(of ping: Ping, _ interval: Duration) -> Instant? {
    isPaused ? nil : max(ping.moved, lastReceived, resumed) + interval
  }
}
