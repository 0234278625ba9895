// Waiting for the socket, for another descriptor, and for what is due.

import MQTTSession
import Transport

extension Client {
  /// What ended a wait.
  package struct Wakeup {
    /// The extra descriptor is ready.
    package var other = false
    /// The deadline passed.
    package var isLate = false
  }

  /// Waits until the socket can be used as needed, `other` is ready, or the deadline is over.
  /// Keep-alive goes on meanwhile.
  ///
  /// - Parameters:
  ///   - other: a descriptor to watch beside the socket.
  ///   - reading: false while the application cannot take more messages: the socket is not read, and
  ///     the server's silence does not count.
  /// - Throws: `.interrupted` for a stop signal, `.session(.keepAliveTimeout)`.
  package mutating func wait(
    other: Watch? = nil, reading: Bool = true, until deadline: Instant? = nil
  ) throws(ClientFailure) -> Wakeup {
    let (socket, due) = waiting(reading: reading)
    let watches = Watches(socket: socket, other: other)
    let limit = [deadline, due].compactMap { $0 }.min()
    let ready: Watches.Ready
    do { ready = try watches.wait(until: limit, stop: stop) } catch {
      throw .transport(error)
    }
    if let signal = ready.signal { throw .interrupted(signal: signal) }
    var wakeup = Wakeup()
    wakeup.other = ready.other
    let now = MonotonicClock.now()
    try keepTime(now)
    if let deadline, now >= deadline { wakeup.isLate = true }
    return wakeup
  }

  /// What `wait` waits for, for loops that have several connections to wait for.
  ///
  /// - Returns: the socket, and when there is something to do without it.
  package mutating func waiting(reading: Bool) -> (socket: Watch?, due: Instant?) {
    session.setReadingPaused(!reading, at: MonotonicClock.now())
    if isUnconfirmed, reading, let stream {
      // What a server sends next would wait for it: an answer behind PUBACK, a message behind SUBACK.
      Sockets.confirmAtOnce(stream.descriptor)
      isUnconfirmed = false
    }
    let readiness = Readiness(
      rawValue: (reading ? readWants.rawValue : 0)
        | (session.output.isEmpty ? 0 : writeWants.rawValue))
    let authenticationDue = session.phase == .connected ? authentication?.due : nil
    // After a failed write there is perhaps something to read, and then the failure to tell.
    let isDue = reading && (stream?.hasMore == true || writeFailure != nil)
    let due = isDue ? .zero : [session.nextTimeout, authenticationDue].compactMap { $0 }.min()
    return (stream.map { Watch($0.descriptor, readiness) }, due)
  }

  /// The stop signal was heard: what follows is the orderly end, which only a second one cuts short.
  package mutating func ignoreStop() { stop = nil }

  /// What `wait` sees to, for loops that have more to do than to wait: stop signals and keep-alive.
  ///
  /// - Returns: true when the deadline is over.
  /// - Throws: `.interrupted`, `.session(.keepAliveTimeout)`.
  package mutating func attend(until deadline: Instant?) throws(ClientFailure) -> Bool {
    if let signal = stop?.requested { throw .interrupted(signal: signal) }
    let now = MonotonicClock.now()
    try keepTime(now)
    return deadline.map { now >= $0 } ?? false
  }

  /// Keep-alive, and re-authentication.
  private mutating func keepTime(_ now: Instant) throws(ClientFailure) {
    do { try session.timeout(at: now) } catch { throw .session(error) }
    guard var authentication, authentication.isDue(at: now) else { return }
    try authentication.attend(&session, at: now)
    self.authentication = authentication
  }
}
