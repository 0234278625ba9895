import Transport

/// Makes connections that take a while to make.
package protocol LoadDialer: Sendable {
  /// - Parameter number: of the client.
  func dial(_ number: Int, until deadline: Duration) throws(LoadFault) -> Dialled
}

/// A connection and what is to be said on it.
package struct Dialled {
  package var stream: any ByteStream
  package var password: [UInt8]?
  /// Nanoseconds that TCP and TLS took.
  package var connecting: Int64
  package var handshake: Int64?

  package init(
    _ stream: any ByteStream, password: [UInt8]? = nil, connecting: Int64, handshake: Int64?
  ) {
    self.stream = stream
    self.password = password
    self.connecting = connecting
    self.handshake = handshake
  }
}
