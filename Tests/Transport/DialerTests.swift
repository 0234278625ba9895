import Glibc
import TestSupport
import Testing
import Transport

/// Connections over loopback and Unix sockets, and why there is none.
@Suite("Dialer") struct DialerTests {
  private let directory = TemporaryDirectory()

  private func connect(
    to endpoint: Endpoint, from address: String? = nil
  ) throws -> SocketStream {
    try Dialer.connect(
      to: endpoint, options: DialOptions(bindAddress: address),
      deadline: MonotonicClock.now() + .seconds(5), stop: nil)
  }

  /// Bytes go both ways.
  private func expectConnection(_ stream: SocketStream, _ listener: Listener) throws {
    let peer = try listener.accept()
    write("to us", to: peer)
    #expect(try read(from: stream.descriptor) == "to us")
    write("to them", to: stream.descriptor)
    #expect(try read(from: peer) == "to them")
  }

  @Test("connects to an address") func address() throws {
    let listener = try Listener()
    let stream = try connect(to: .tcp(host: "127.0.0.1", port: listener.port))
    try expectConnection(stream, listener)
  }

  @Test("connects to an IPv6 address", .enabled(if: hasIPv6)) func six() throws {
    let listener = try Listener("::1")
    let stream = try connect(to: .tcp(host: "::1", port: listener.port))
    try expectConnection(stream, listener)
  }

  @Test("connects to localhost, whichever family the server listens on") func localhost() throws {
    let listener = try Listener()
    let stream = try connect(to: .tcp(host: "localhost", port: listener.port))
    try expectConnection(stream, listener)
  }

  @Test("connects to a Unix socket, its path up to 107 bytes") func unix() throws {
    let path = directory.file("")
    let name = String(repeating: "s", count: 107 - path.utf8.count)
    let listener = try Listener(path: path + name)
    let stream = try connect(to: .unix(path: path + name))
    try expectConnection(stream, listener)
  }

  @Test("what it makes never blocks, is not inherited, and sends at once") func flags() throws {
    let listener = try Listener()
    let stream = try connect(to: .tcp(host: "127.0.0.1", port: listener.port))
    #expect(fcntl(stream.descriptor, F_GETFL) & O_NONBLOCK != 0)
    #expect(fcntl(stream.descriptor, F_GETFD) & FD_CLOEXEC != 0)
    var isOn: CInt = 0
    var size = socklen_t(MemoryLayout<CInt>.size)
    getsockopt(stream.descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &isOn, &size)
    #expect(isOn != 0)
  }

  @Test("refused", arguments: ["127.0.0.1", "localhost"]) func refused(_ host: String) throws {
    let refusing = try Refusing()
    let endpoint = Endpoint.tcp(host: host, port: refusing.port)
    #expect(throws: TransportError.connect(endpoint, errno: ECONNREFUSED)) {
      try connect(to: endpoint)
    }
  }

  @Test("a path where nothing is, and one where nobody listens any more") func deadPath() throws {
    let path = directory.file("broker")
    let endpoint = Endpoint.unix(path: path)
    #expect(throws: TransportError.connect(endpoint, errno: ENOENT)) { try connect(to: endpoint) }
    do { _ = try Listener(path: path) }
    #expect(throws: TransportError.connect(endpoint, errno: ECONNREFUSED)) {
      try connect(to: endpoint)
    }
  }

  @Test("no path at all", arguments: ["", "a\0b", String(repeating: "p", count: 108)])
  func noPath(_ path: String) {
    #expect(throws: TransportError.invalidPath(path)) { try connect(to: .unix(path: path)) }
  }

  @Test("a host that nobody knows") func unknown() {
    #expect(throws: TransportError.lookup(host: "no..such", reason: "host name not found")) {
      try connect(to: .tcp(host: "no..such", port: 1883))
    }
  }

  @Test("connects from the address it is told") func bindAddress() throws {
    let listener = try Listener()
    let stream = try connect(
      to: .tcp(host: "127.0.0.1", port: listener.port), from: "127.0.0.5")
    #expect(try peerAddress(of: listener.accept()) == 0x7f00_0005)
    withExtendedLifetime(stream) {}
  }

  @Test("of the host's addresses it takes those of the bind address's family") func family() throws
  {
    let listener = try Listener()
    let stream = try connect(to: .tcp(host: "localhost", port: listener.port), from: "127.0.0.5")
    #expect(try peerAddress(of: listener.accept()) == 0x7f00_0005)
    withExtendedLifetime(stream) {}
  }

  @Test("not from an address of the other family") func wrongFamily() throws {
    let listener = try Listener()
    let endpoint = Endpoint.tcp(host: "127.0.0.1", port: listener.port)
    #expect(throws: TransportError.noBindAddress("::1", endpoint)) {
      try connect(to: endpoint, from: "::1")
    }
  }

  @Test("not from an address that is not ours") func foreign() throws {
    let listener = try Listener()
    #expect(throws: TransportError.bind(address: "203.0.113.77", errno: EADDRNOTAVAIL)) {
      try connect(to: .tcp(host: "127.0.0.1", port: listener.port), from: "203.0.113.77")
    }
  }

  @Test("a Unix socket has no address to connect from") func unixBind() throws {
    let listener = try Listener(path: directory.file("broker"))
    let stream = try connect(to: .unix(path: directory.file("broker")), from: "203.0.113.77")
    try expectConnection(stream, listener)
  }

  /// The other end's IPv4 address.
  private func peerAddress(of socket: CInt) -> UInt32 {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getpeername(socket, $0, &size) }
    }
    return UInt32(bigEndian: address.sin_addr.s_addr)
  }
}
