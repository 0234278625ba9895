import Glibc

/// An endpoint whose addresses are known, so that a connection to it begins without waiting: for those
/// who make many.
package struct DialTarget: Sendable {
  package let endpoint: Endpoint
  private let addresses: [Address]
  /// Local addresses to connect from, in turn; empty for the system's choice.
  private let sources: [Address]
  private let sourceNames: [String]

  /// Looks the addresses up.
  ///
  /// - Parameter sources: local addresses; none for the system's choice.
  /// - Throws: `.lookup`, `.noService`, `.noBindAddress`, `.invalidPath`, `.timedOut`, `.interrupted`.
  package init(
    _ asked: Endpoint, sources: [String], deadline: Duration?, stop: StopSignals?
  ) throws(TransportError) {
    var endpoint = asked
    if case .service(let name) = asked {
      let servers = try ServiceLookup().servers(of: name, deadline: deadline, stop: stop)
      guard let first = servers.first else {
        throw .noService(name: name, reason: "no server is named")
      }
      endpoint = first
    }
    self.endpoint = endpoint
    sourceNames = sources
    var locals: [Address] = []
    switch endpoint {
    case .unix(let path):
      guard let address = Address(unixPath: path) else { throw .invalidPath(path) }
      addresses = [address]
    case .tcp(let host, let port):
      for source in sources {
        let found = try Lookup().addresses(of: source, port: 0, deadline: deadline, stop: stop)
        locals += found.prefix(1)
      }
      let found = Dialer.interleaved(
        try Lookup().addresses(of: host, port: port, deadline: deadline, stop: stop))
      addresses =
        locals.isEmpty
        ? found : found.filter { address in locals.contains { $0.family == address.family } }
    case .service: addresses = []
    }
    self.sources = locals
    if addresses.isEmpty { throw .noBindAddress(sources.joined(separator: ","), endpoint) }
  }

  /// How many addresses there are to try.
  package var addressCount: Int { addresses.count }

  /// Pairs of addresses between which each connection has a port of its own; 0 without ports.
  package var pairs: Int {
    if case .unix = endpoint { return 0 }
    return max(1, sources.count)
  }

  /// Begins a connection; the stream is writable once its fate is known.
  ///
  /// - Parameters:
  ///   - place: of the address.
  ///   - number: of the connection, which chooses the source address.
  /// - Throws: `.connect`, `.bind`.
  package func begin(_ place: Int, number: Int) throws(TransportError) -> SocketStream {
    let address = addresses[place % addresses.count]
    let socket = Sockets.make(address.family)
    if socket < 0 { throw .system(call: "socket", errno: errno) }
    let stream = SocketStream(socket)
    if address.family != AF_UNIX { Sockets.sendAtOnce(socket) }
    let locals = sources.filter { $0.family == address.family }
    if !locals.isEmpty {
      // The port is chosen at connect(2), where the pair of addresses has to be unique, not the port.
      var on: CInt = 1
      setsockopt(
        socket, CInt(IPPROTO_IP), Self.bindAddressNoPort, &on, socklen_t(MemoryLayout<CInt>.size))
      let local = locals[number % locals.count]
      if local.withPointer({ bind(socket, $0, $1) }) != 0 {
        throw .bind(address: sourceNames.joined(separator: ","), errno: errno)
      }
    }
    while address.withPointer({ connect(socket, $0, $1) }) != 0 {
      if errno == EINTR { continue }
      if errno == EINPROGRESS { break }
      throw .connect(endpoint, errno: errno)
    }
    return stream
  }

  /// IP_BIND_ADDRESS_NO_PORT, which Swift's Glibc does not name.
  private static let bindAddressNoPort: CInt = 24
}

extension SocketStream {
  /// Why the connection that was begun did not come about; 0 when it did.
  package var connectionError: CInt { Sockets.error(of: descriptor) }
}
