import Glibc

/// A connected socket.  Closed when nobody holds it any more.
package final class SocketStream: ByteStream {
  package private(set) var descriptor: CInt
  private var isFinished = false

  /// - Parameter descriptor: a connected, non-blocking socket, owned from now on.
  init(_ descriptor: CInt) { self.descriptor = descriptor }

  deinit { close() }

  package func read(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(TransportError) -> Transfer {
    while true {
      let count = recv(descriptor, buffer.baseAddress, buffer.count, CInt(MSG_DONTWAIT))
      if count > 0 { return .bytes(count) }
      if count == 0 { return .end }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldBlock(.readable)
      default: throw .lost(errno: errno)
      }
    }
  }

  package func write(_ bytes: UnsafeRawBufferPointer) throws(TransportError) -> Transfer {
    while true {
      let count = send(
        descriptor, bytes.baseAddress, bytes.count,
        CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL))
      if count >= 0 { return .bytes(count) }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldBlock(.writable)
      default: throw .lost(errno: errno)
      }
    }
  }

  package func isDelivered() throws(TransportError) -> Bool {
    if descriptor < 0 { return true }
    let error = Sockets.error(of: descriptor)
    if error != 0 { throw .lost(errno: error) }
    var waiting: CInt = 0
    // Our FIN counts as a byte, and may be confirmed later than what stands before it.
    return ioctl(descriptor, UInt(TIOCOUTQ), &waiting) < 0 || waiting <= (isFinished ? 1 : 0)
  }

  package func finishWriting() {
    shutdown(descriptor, CInt(SHUT_WR))
    isFinished = true
  }

  package func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }
}
