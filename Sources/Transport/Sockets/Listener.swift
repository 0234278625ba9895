import Glibc

/// A socket that others connect to.  Nothing here waits.
package final class Listener {
  package let descriptor: CInt

  /// - Parameters:
  ///   - host: an address, `localhost`, or nothing for all addresses of this machine.
  ///   - port: 0 for any.
  package init(host: String, port: UInt16) throws(TransportError) {
    let shown = Endpoint.tcp(host: host, port: port).description
    let literal = host.isEmpty ? "::" : host == "localhost" ? "127.0.0.1" : host
    guard let address = Address(literal: literal, port: port) else {
      throw .lookup(host: host, reason: "an address to listen at is wanted, or localhost")
    }
    let descriptor = Sockets.make(address.family)
    if descriptor < 0 { throw .system(call: "socket", errno: errno) }
    self.descriptor = descriptor
    var on: CInt = 1
    let size = socklen_t(MemoryLayout<CInt>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
    guard address.withPointer({ Glibc.bind(descriptor, $0, $1) }) == 0,
      listen(descriptor, 8) == 0
    else { throw .listen(address: shown, errno: errno) }
  }

  deinit { close(descriptor) }

  /// The port in use.
  package var port: UInt16 {
    var address = sockaddr_in6()
    var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let status = withUnsafeMutableBytes(of: &address) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { pointer in
        pointer.baseAddress.map { getsockname(descriptor, $0, &size) } ?? -1
      }
    }
    // The port stands at the same place in both kinds of address.
    return status == 0 ? UInt16(bigEndian: address.sin6_port) : 0
  }

  /// - Returns: nil while nobody asks.
  package func accept() -> SocketStream? {
    let connection = Glibc.accept(descriptor, nil, nil)
    if connection < 0 { return nil }
    _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
    return SocketStream(connection)
  }
}
