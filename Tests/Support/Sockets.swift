// Sockets on loopback.

import Glibc
import Synchronization

/// A port of 127.0.0.1 that nobody listens on now.
package func freePort() throws -> UInt16 {
  let (socket, port) = try listeningSocket()
  close(socket)
  return port
}

/// A socket on a free port of 127.0.0.1.
///
/// - Parameter backlog: nil for a socket that does not listen: its port refuses.
package func listeningSocket(backlog: CInt? = 64) throws -> (socket: CInt, port: UInt16) {
  // What was taken back before `accept` must not block it.
  let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
  for _ in 0..<1000 {
    let socket = Glibc.socket(AF_INET, CInt(kind), 0)
    if let port = bindNext(socket, backlog) { return (socket, port) }
    close(socket)
  }
  throw TimedOut(description: "no port is free")
}

/// Each port is used once: what one test has closed and expects to be refused, or to come back to, must not
/// become another's; nor the local port of a connection, which are all above these.
private let portsUsed = Atomic<Int>(Int(getpid()) * 101)

private func bindNext(_ socket: CInt, _ backlog: CInt?) -> UInt16? {
  let place = portsUsed.wrappingAdd(1, ordering: .relaxed).newValue
  let port = UInt16(10_000 + place % 22_000)
  var address = sockaddr_in()
  address.sin_port = port.bigEndian
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  let size = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isBound = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(socket, $0, size) == 0 && (backlog.map { listen(socket, $0) == 0 } ?? true)
    }
  }
  return isBound ? port : nil
}

/// A socket that connects to a port of 127.0.0.1; `isBlocking`: once it has.
package func connecting(to port: UInt16, isBlocking: Bool = false) -> CInt {
  let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
  let socket = Glibc.socket(
    AF_INET, isBlocking ? kind : kind | CInt(SOCK_NONBLOCK.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  _ = withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  return socket
}

/// The next connection.  No program that is started meanwhile inherits it: it would keep it open.
package func accepted(from listener: CInt) -> CInt {
  while true {
    var slot = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
    _ = poll(&slot, 1, -1)
    let (connection, reason) = RunningProgram.betweenStarts {
      let connection = accept(listener, nil, nil)
      let reason = errno
      _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
      return (connection, reason)
    }
    if connection >= 0 || reason != EAGAIN && reason != EINTR { return connection }
  }
}
