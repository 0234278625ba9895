import Glibc
import TestSupport

@testable import Transport

/// A socket that listens on a free port of the host, or at a path.
final class Listener {
  let socket: CInt
  let port: UInt16
  private let descriptors = Descriptors()

  convenience init(_ host: String = "127.0.0.1", backlog: CInt = 16) throws {
    guard let address = Address(literal: host, port: 0) else { throw NoAddress() }
    try self.init(address, backlog)
  }

  convenience init(path: String) throws {
    guard let address = Address(unixPath: path) else { throw NoAddress() }
    try self.init(address, 16)
  }

  private init(_ address: Address, _ backlog: CInt) throws {
    let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
    let socket = try descriptors.keep(Glibc.socket(address.family, type, 0))
    self.socket = socket
    guard address.withPointer({ bind(socket, $0, $1) }) == 0,
      listen(socket, backlog) == 0
    else { throw Descriptors.Failed(errno: errno) }
    var bound = sockaddr_in6()
    var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
    withUnsafeMutablePointer(to: &bound) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = getsockname(socket, $0, &size)
      }
    }
    // Where the port of an IPv4 address is, too.
    port = UInt16(bigEndian: bound.sin6_port)
  }

  /// The other end of the next connection.
  func accept(within seconds: Double = 5) throws -> CInt {
    guard isReadable(socket, within: seconds) else { throw Silent() }
    return try descriptors.keep(Glibc.accept(socket, nil, nil))
  }

  /// Ends an accepted connection with RST.
  func reset(_ accepted: CInt) {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      accepted, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    descriptors.close(accepted)
  }

  struct NoAddress: Error {}
}

/// A listener whose backlog is full: connecting to it is neither answered nor refused.
final class SilentListener {
  private let listener: Listener
  private let descriptors = Descriptors()

  let address: Address

  init() throws {
    listener = try Listener("127.0.0.2", backlog: 0)
    guard let address = Address(literal: "127.0.0.2", port: listener.port) else {
      throw Listener.NoAddress()
    }
    self.address = address
    for _ in 0..<8 {
      let type = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
      let socket = try descriptors.keep(Glibc.socket(AF_INET, type, 0))
      _ = address.withPointer { connect(socket, $0, $1) }
      var slot = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
      if poll(&slot, 1, 20) == 0 { return }
    }
    throw Listener.NoAddress()
  }

  /// Not every kernel lets a full backlog keep silent.
  static let isPossible = (try? SilentListener()) != nil
}

/// A port of 127.0.0.1 that refuses, for as long as the test holds it: bound, but nobody listens.
final class Refusing {
  let port: UInt16
  private let descriptors = Descriptors()

  init() throws {
    let socket: CInt
    (socket, port) = try listeningSocket(backlog: nil)
    _ = try descriptors.keep(socket)
  }
}

/// This machine has ::1.
let hasIPv6 = (try? Listener("::1")) != nil
