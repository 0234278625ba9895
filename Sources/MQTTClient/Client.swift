// A session and a stream meet: bytes in, bytes out, and waiting for either.

import Glibc
import MQTTProtocol
import MQTTSession
import Transport

/// The client core that every command drives.  It never blocks except in `wait`, and its calls cost
/// a system call a block of packets, not one a packet:
///
///     while let event = try client.nextEvent() { … }   // until the input is used up
///     try client.flush()                               // what the events gave rise to
///     if try client.fill() { continue }                // more input without waiting
///     try client.wait(…)                               // for the socket, a descriptor or the time
package struct Client: ~Copyable {
  package var session: Session
  private var stream: (any ByteStream)?
  private var input = InputBuffer()
  /// `nextEvent` has not yet returned nil for what was read.
  private var hasUnusedInput = false
  /// When that arrived.
  private var arrival = Instant.zero
  private var readWants = Readiness.readable
  private var writeWants = Readiness.writable
  private var stop: StopSignals?
  /// Why nothing can be written any more; what the server said before may still be there to be read.
  private var writeFailure: TransportError?

  /// The last read took all there was.
  package private(set) var isDrained = true

  package enum Direction: Sendable { case sent, received }

  /// Is shown every packet, whole, when it is sent or before it is handled.
  package var trace: ((Direction, UnsafeRawBufferPointer, UTF8String) -> Void)? {
    didSet { isObserved = trace != nil || authentication != nil }
  }
  private var traced = 0

  private var authentication: Authentication? {
    didSet { isObserved = trace != nil || authentication != nil }
  }
  /// Somebody wants to see what happens before the caller does.
  private var isObserved = false

  package init(_ configuration: SessionConfiguration, stop: StopSignals?) {
    session = Session(configuration)
    self.stop = stop
  }

  // MARK: Opening and closing

  /// Begins a connection over `stream`: CONNECT is in the output.
  package mutating func open(_ stream: any ByteStream) {
    close()
    self.stream = stream
    session.connect(at: MonotonicClock.now())
  }

  /// Lets `authenticator` answer challenges on this connection.
  ///
  /// - Parameters:
  ///   - interval: after which authentication is done again; nil for never.
  ///   - patience: how long that may take.
  package mutating func authenticate(
    with authenticator: any Authenticator, every interval: Duration?, patience: Duration
  ) {
    authentication = Authentication(authenticator, every: interval, patience: patience)
  }

  /// There is a stream, whatever state it is in.
  package var isOpen: Bool { stream != nil }

  package mutating func close() {
    stream?.close()
    stream = nil
    authentication = nil
    writeFailure = nil
    input.removeAll()
    hasUnusedInput = false
    traced = 0
    session.connectionLost()
  }

  /// What an orderly end waits for.
  package enum Ending: Sendable {
    /// Nothing: everything that matters was acknowledged.
    case sent
    /// The server's system has all that was sent.
    case delivered
    /// The server has closed: it has read everything, and said what it had to say about it.
    case closed
  }

  /// Sends what the output holds and ends the connection.
  ///
  /// - Parameters:
  ///   - ending: what to wait for.
  ///   - patience: how long that may take; then we close.
  /// - Throws: what went wrong before, the server's own DISCONNECT among it.
  package mutating func finish(
    when ending: Ending = .closed, within patience: Duration
  ) throws(ClientFailure) {
    defer { close() }
    let deadline = MonotonicClock.now() + patience
    // A server reads what is as short as this at once.
    if ending != .closed, session.output.count <= 1024 { stream?.willFinish() }
    while !(try flush()) {
      if try wait(until: deadline).isLate { throw .noAnswer(to: "DISCONNECT", within: patience) }
      _ = try takeInput()
    }
    stream?.finishWriting()
    var limit = min(deadline, MonotonicClock.now() + Self.courtesy)
    while MonotonicClock.now() < deadline {
      do throws(ClientFailure) {
        // Closing on unread bytes would be a reset.
        if try takeInput() { continue }
        switch ending {
        case .sent: return
        case .delivered:
          if try isDelivered() { return }
          _ = try wait(until: min(deadline, MonotonicClock.now() + Self.moment))
        case .closed:
          if try wait(until: limit).isLate {
            stream?.askToClose()
            limit = deadline
          }
        }
      } catch .closedByServer(beforeConnAck: false) {
        return try awaitDelivery(until: deadline)
      }
    }
    if session.phase == .connecting { throw .noAnswer(to: "CONNECT", within: patience) }
  }

  /// The server has closed: waits until its system has confirmed what we sent, which it does at once
  /// unless the server closed before it had read everything.
  private func awaitDelivery(until deadline: Instant) throws(ClientFailure) {
    while !(try isDelivered()), MonotonicClock.now() < deadline {
      let limit = MonotonicClock.now() + Self.moment
      do { _ = try Watches().wait(until: limit, stop: nil) } catch { throw .transport(error) }
    }
  }

  /// How long a server may take to close at DISCONNECT before it is asked to.
  private static let courtesy = Duration.milliseconds(300)

  /// How long to wait before a look at what nothing tells of.
  private static let moment = Duration.milliseconds(1)

  private func isDelivered() throws(ClientFailure) -> Bool {
    do { return try stream?.isDelivered() ?? true } catch { throw .transport(error) }
  }

  /// Reads once and passes over what comes.
  private mutating func takeInput() throws(ClientFailure) -> Bool {
    let moved = try fill()
    while try nextEvent() != nil {}
    return moved
  }

  /// Sends what can be sent at once, and closes: for connections that end in disorder.
  ///
  /// A moment is left for what is still coming in: closing on unread bytes is a reset, and that may
  /// overtake what we sent last.
  package mutating func abandon() {
    _ = try? flush()
    stream?.finishWriting()
    let deadline = MonotonicClock.now() + .milliseconds(250)
    while let stream, MonotonicClock.now() < deadline {
      input.removeAll()
      guard let room = input.room(wanted: 0), let transfer = try? stream.read(into: room)
      else { break }
      switch transfer {
      case .bytes: continue
      case .wouldBlock(let wants):
        let watches = Watches(socket: Watch(stream.descriptor, wants))
        _ = try? watches.wait(until: deadline, stop: nil)
      case .end:
        close()
        return
      }
    }
    close()
  }

  // MARK: Input

  /// Returns what happened next, or nil when the input is used up.  What a message points at is
  /// valid until `fill`.
  package mutating func nextEvent() throws(ClientFailure) -> Event? {
    let event = isObserved ? try nextObservedEvent() : try nextUntracedEvent()
    if event == nil { hasUnusedInput = false }
    return event
  }

  /// Challenges are answered here.
  private mutating func nextObservedEvent() throws(ClientFailure) -> Event? {
    while let event = trace == nil ? try nextUntracedEvent() : try nextTracedEvent() {
      guard var authentication else { return event }
      let isSeenTo = try authentication.handle(event, &session, at: MonotonicClock.now())
      self.authentication = authentication
      if !isSeenTo { return event }
    }
    return nil
  }

  /// Returns the next message when it is a plain one, which costs a fraction of `nextEvent`; nil says
  /// nothing.
  package mutating func nextPlainMessage() -> ReceivedMessage? {
    if isObserved { return nil }
    var position = 0
    let message = session.nextPlainMessage(in: input.bytes, from: &position)
    input.removeFirst(position)
    return message
  }

  private mutating func nextUntracedEvent() throws(ClientFailure) -> Event? {
    var position = 0
    defer { input.removeFirst(position) }
    do {
      return try session.nextEvent(in: input.bytes, from: &position, at: arrival)
    } catch {
      throw .session(error)
    }
  }

  /// One packet at a time, so that each is shown before what it leads to.
  private mutating func nextTracedEvent() throws(ClientFailure) -> Event? {
    while let size = wholePacket(in: input.bytes) {
      let packet = UnsafeRawBufferPointer(rebasing: input.bytes[..<size])
      trace?(.received, packet, session.clientID)
      defer { input.removeFirst(size) }
      var position = 0
      do {
        if let event = try session.nextEvent(
          in: packet, from: &position, at: arrival)
        {
          return event
        }
      } catch {
        throw .session(error)
      }
    }
    // What is left may be malformed, which the session finds out.
    var position = 0
    do {
      return try session.nextEvent(in: input.bytes, from: &position, at: arrival)
    } catch {
      throw .session(error)
    }
  }

  /// Reads once without waiting, unless `nextEvent` has not used up what was read before: the packets
  /// behind CONNACK may have come with it.
  ///
  /// - Returns: false when nothing is there to read now.
  /// - Throws: `.closedByServer` at the end, and what the stream throws.
  package mutating func fill() throws(ClientFailure) -> Bool {
    if hasUnusedInput { return true }
    guard let stream else { throw .closedByServer(beforeConnAck: false) }
    guard let room = input.room(wanted: session.wantedInput) else {
      throw .outOfMemory(packet: session.wantedInput)
    }
    do {
      switch try stream.read(into: room) {
      case .bytes(let count):
        input.filled(count)
        hasUnusedInput = true
        arrival = MonotonicClock.now()
        isDrained = count < room.count && !stream.hasMore
        return true
      case .end: break
      case .wouldBlock(let wants):
        readWants = wants
        if writeFailure == nil { return false }
      }
    } catch .tls(let endpoint, let fault) {
      // A server that refuses us may have closed before we wrote: its own word tells more.
      throw .transport(.tls(endpoint, fault))
    } catch {
      throw failure(writeFailure ?? error)
    }
    if let writeFailure { throw failure(writeFailure) }
    throw .closedByServer(beforeConnAck: session.phase == .connecting)
  }

  /// A server that wants TLS may reset the connection at CONNECT, instead of closing it.
  private func failure(_ error: TransportError) -> ClientFailure {
    if session.phase == .connecting, case .lost(let errno) = error,
      errno == ECONNRESET || errno == EPIPE
    {
      return .resetBeforeConnAck
    }
    return .transport(error)
  }

  // MARK: Output

  /// Writes as much as the stream takes without waiting.
  ///
  /// A failure is not thrown here: a server that refuses says why before it closes, and `fill` throws
  /// once that has been read.
  ///
  /// - Returns: true when nothing is left.
  @discardableResult
  package mutating func flush() throws(ClientFailure) -> Bool {
    traceOutput()
    while !session.output.isEmpty {
      guard let stream else { return true }
      var count = session.output.count
      if writeFailure == nil {
        do {
          switch try stream.write(session.output.bytes) {
          case .bytes(let written): count = written
          case .end: writeFailure = .lost(errno: EPIPE)
          case .wouldBlock(let wants):
            writeWants = wants
            return false
          }
        } catch {
          writeFailure = error
        }
      }
      session.transmitted(count, at: MonotonicClock.now())
      traced = max(0, traced - count)
    }
    return true
  }

  private mutating func traceOutput() {
    guard let trace else { return }
    while let size = wholePacket(
      in: UnsafeRawBufferPointer(rebasing: session.output.bytes[traced...]))
    {
      let packet = UnsafeRawBufferPointer(
        rebasing: session.output.bytes[traced..<(traced + size)])
      trace(.sent, packet, session.clientID)
      traced += size
    }
  }

  private func wholePacket(in bytes: UnsafeRawBufferPointer) -> Int? {
    let header = try? FixedHeader(in: bytes, at: 0, limit: .max, session.version)
    guard let header, header.packetSize <= bytes.count else { return nil }
    return header.packetSize
  }

  // MARK: Waiting

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
