// Makes connections.

import Glibc

package struct DialOptions: Hashable, Sendable {
  /// The local address to connect from.
  package var bindAddress: String?

  package init(bindAddress: String? = nil) { self.bindAddress = bindAddress }
}

/// Connects to an endpoint, racing its addresses where it has several (RFC 8305).
package struct Dialer {
  private let endpoint: Endpoint
  private let options: DialOptions
  private let deadline: Duration?
  private let stop: StopSignals?
  private let began = MonotonicClock.now()

  /// How long an address is tried alone before the next one joins in (RFC 8305 §5).
  private static let headStart = Duration.milliseconds(250)

  /// - Throws: `.lookup`, `.noService`, `.connect` with the most telling of the errors, `.timedOut`, `.bind`,
  ///   `.noBindAddress`, `.invalidPath`, `.interrupted`.
  package static func connect(
    to endpoint: Endpoint, options: DialOptions, deadline: Duration?, stop: StopSignals?
  ) throws(TransportError) -> SocketStream {
    let dialer = Dialer(endpoint: endpoint, options: options, deadline: deadline, stop: stop)
    switch endpoint {
    case .unix(let path):
      guard let address = Address(unixPath: path) else { throw .invalidPath(path) }
      return try dialer.race([address])
    case .tcp(let host, let port):
      let found = try Lookup().addresses(of: host, port: port, deadline: deadline, stop: stop)
      return try dialer.race(interleaved(found))
    case .service(let name): return try dialer.tryServers(of: name)
    }
  }

  /// Connects to the first server of a service that takes us (RFC 2782).
  ///
  /// - Throws: what the last one failed with.
  private func tryServers(of name: String) throws(TransportError) -> SocketStream {
    let servers = try ServiceLookup().servers(of: name, deadline: deadline, stop: stop)
    var failure = TransportError.noService(name: name, reason: "no server is named")
    for (index, server) in servers.enumerated() {
      // A server that does not answer leaves the others their share of the time.
      let now = MonotonicClock.now()
      let share = deadline.map { now + max(.zero, $0 - now) / (servers.count - index) }
      do throws(TransportError) {
        return try Self.connect(to: server, options: options, deadline: share, stop: stop)
      } catch {
        if case .interrupted = error { throw error }
        failure = error
      }
    }
    throw failure
  }

  init(
    endpoint: Endpoint, options: DialOptions, deadline: Duration?, stop: StopSignals?
  ) {
    self.endpoint = endpoint
    self.options = options
    self.deadline = deadline
    self.stop = stop
  }

  /// The families in turn, beginning with the first address's (RFC 8305 §4).
  static func interleaved(_ addresses: [Address]) -> [Address] {
    guard let first = addresses.first?.family else { return [] }
    let own = addresses.filter { $0.family == first }
    let other = addresses.filter { $0.family != first }
    var mixed: [Address] = []
    for index in 0..<max(own.count, other.count) {
      if index < own.count { mixed.append(own[index]) }
      if index < other.count { mixed.append(other[index]) }
    }
    return mixed
  }

  func race(_ addresses: [Address]) throws(TransportError) -> SocketStream {
    let local = try bindAddresses()
    var waiting = addresses[...]
    if !local.isEmpty {
      waiting = addresses.filter { address in local.contains { $0.family == address.family } }[...]
      if waiting.isEmpty { throw .noBindAddress(options.bindAddress ?? "", endpoint) }
    }
    var running: [CInt] = []
    defer { for socket in running { close(socket) } }
    var worst: CInt = 0
    var nextStart = began
    while true {
      if running.isEmpty || MonotonicClock.now() >= nextStart, let address = waiting.popFirst() {
        switch try start(address, from: local.first { $0.family == address.family }) {
        case .connected(let socket): return finish(socket)
        case .running(let socket):
          running.append(socket)
          nextStart = MonotonicClock.now() + Self.headStart
        case .failed(EAGAIN) where address.family == AF_UNIX:
          // The listener's queue is full, and there is nothing to poll for.
          try pause()
          waiting = [address]
        case .failed(let errno): worst = Self.moreTelling(worst, errno)
        }
        continue
      }
      if running.isEmpty { throw .connect(endpoint, errno: worst) }
      var limit = deadline
      if !waiting.isEmpty { limit = limit.map { min($0, nextStart) } ?? nextStart }
      for socket in try ready(running, until: limit) {
        running.removeAll { $0 == socket }
        let error = Sockets.error(of: socket)
        if error == 0 { return finish(socket) }
        close(socket)
        worst = Self.moreTelling(worst, error)
        nextStart = began
      }
      if let deadline, MonotonicClock.now() >= deadline {
        throw .timedOut(endpoint, within: deadline - began)
      }
    }
  }

  private enum Start {
    case connected(CInt)
    case running(CInt)
    case failed(CInt)
  }

  private func start(
    _ address: Address, from local: Address?
  ) throws(TransportError) -> Start {
    let socket = Sockets.make(address.family)
    if socket < 0 { return .failed(errno) }
    if let local, local.withPointer({ bind(socket, $0, $1) }) != 0 {
      let error = errno
      close(socket)
      throw .bind(address: options.bindAddress ?? "", errno: error)
    }
    while true {
      if address.withPointer({ Glibc.connect(socket, $0, $1) }) == 0 { return .connected(socket) }
      if errno == EINTR { continue }
      if errno == EINPROGRESS { return .running(socket) }
      let error = errno
      close(socket)
      return .failed(error)
    }
  }

  /// The sockets whose fate is known, within the limit.
  private func ready(
    _ sockets: [CInt], until limit: Duration?
  ) throws(TransportError) -> [CInt] {
    var limit = limit
    if sockets.count > 1 {
      // More than poll's fixed places: look at each in turn, often enough for a race of connections.
      let soon = MonotonicClock.now() + .milliseconds(10)
      limit = limit.map { min($0, soon) } ?? soon
    }
    let watches = Watches(
      socket: sockets.first.map { Watch($0, .writable) },
      other: sockets.count > 1 ? sockets.last.map { Watch($0, .writable) } : nil)
    let found = try watches.wait(until: limit, stop: stop)
    if let signal = found.signal { throw .interrupted(signal: signal) }
    return sockets.filter { socket in
      var slot = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
      while true {
        let count = poll(&slot, 1, 0)
        if count >= 0 || errno != EINTR { return count > 0 }
      }
    }
  }

  private func pause() throws(TransportError) {
    let end = MonotonicClock.now() + .milliseconds(5)
    if let signal = try Watches().wait(until: end, stop: stop).signal {
      throw .interrupted(signal: signal)
    }
    if let deadline, MonotonicClock.now() >= deadline {
      throw .timedOut(endpoint, within: deadline - began)
    }
  }

  private func bindAddresses() throws(TransportError) -> [Address] {
    guard let text = options.bindAddress, case .tcp = endpoint else { return [] }
    return try Lookup().addresses(of: text, port: 0, deadline: deadline, stop: stop)
  }

  private func finish(_ socket: CInt) -> SocketStream {
    if case .tcp = endpoint { Sockets.sendAtOnce(socket) }
    return SocketStream(socket)
  }

  /// A machine that refuses says more than a family that is not there.
  private static func moreTelling(_ a: CInt, _ b: CInt) -> CInt {
    let order = [ECONNREFUSED, EACCES, ETIMEDOUT, EHOSTUNREACH]
    for error in order where a == error || b == error { return error }
    return a == 0 ? b : a
  }
}
