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
  var stream: (any ByteStream)?
  var input = InputBuffer()
  /// `nextEvent` has not yet returned nil for what was read.
  private var hasUnusedInput = false
  /// When that arrived.
  private(set) var arrival = Instant.zero
  private(set) var readWants = Readiness.readable
  private(set) var writeWants = Readiness.writable
  var stop: StopSignals?
  /// Why nothing can be written any more; what the server said before may still be there to be read.
  private(set) var writeFailure: TransportError?

  /// Something came, and nothing went out since that would have told so.
  var isUnconfirmed = false

  /// The last read took all there was.
  package private(set) var isDrained = true

  package enum Direction: Sendable { case sent, received }

  /// Is shown every packet, whole, when it is sent or before it is handled.
  package var trace: ((Direction, UnsafeRawBufferPointer, UTF8String) -> Void)? {
    didSet { isObserved = trace != nil || authentication != nil }
  }
  /// Bytes of the output that were shown already.
  var traced = 0

  var authentication: Authentication? {
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

  mutating func nextUntracedEvent() throws(ClientFailure) -> Event? {
    var position = 0
    defer { input.removeFirst(position) }
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
        isUnconfirmed = true
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
          case .bytes(let written):
            count = written
            isUnconfirmed = false
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
}
