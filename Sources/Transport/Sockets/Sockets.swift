import Glibc

/// What all sockets of ours have in common.
package enum Sockets {
  /// - Returns: a stream socket that never makes anybody wait and that no child inherits, or -1.
  static func make(_ family: CInt) -> CInt {
    socket(
      family, CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
  }

  /// We write blocks and flush when idle: Nagle's algorithm could only hold the last part back.
  static func sendAtOnce(_ socket: CInt) {
    var on: CInt = 1
    setsockopt(socket, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
  }

  /// Has our system confirm now what has come, which it likes to do 40 ms later: as long a server's Nagle's
  /// algorithm holds back what follows.
  package static func confirmAtOnce(_ socket: CInt) {
    var on: CInt = 1
    setsockopt(socket, CInt(IPPROTO_TCP), TCP_QUICKACK, &on, socklen_t(MemoryLayout<CInt>.size))
  }

  /// Why the connection did not come about, or is lost; 0 when it stands.
  static func error(of socket: CInt) -> CInt {
    var error: CInt = 0
    var size = socklen_t(MemoryLayout<CInt>.size)
    return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno
  }
}
