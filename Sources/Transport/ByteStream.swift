// What the client core needs of a connection, whatever carries it.

/// What a descriptor has to be ready for.
package struct Readiness: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  package static let readable = Readiness(rawValue: 1)
  package static let writable = Readiness(rawValue: 2)
}

/// What came of one read or write.
package enum Transfer: Hashable, Sendable {
  case bytes(Int)
  /// The other side has closed.
  case end
  /// Try again when the descriptor is ready for this (TLS may need to write in order to read).
  case wouldBlock(Readiness)
}

/// A connection that carries bytes both ways and never makes its caller wait.  TCP, Unix sockets, and
/// whatever is layered upon them.
package protocol ByteStream: AnyObject {
  /// What to wait on.
  var descriptor: CInt { get }
  /// There is something to read that the descriptor does not tell of.
  var hasMore: Bool { get }
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Transfer
  func write(_ bytes: UnsafeRawBufferPointer) throws(TransportError) -> Transfer
  /// True when the other side's system has everything that was written, false while it is under way.
  ///
  /// - Throws: when it is known not to arrive.
  func isDelivered() throws(TransportError) -> Bool
  /// What is written next is the last, and nobody will wait for the server to close.
  func willFinish()
  /// Nothing more will be written; reading goes on.
  func finishWriting()
  /// Says once more that we are leaving, to a server that did not close at DISCONNECT, where there is a way.
  func askToClose()
  func close()
  /// What only the two ends of this very connection know; nil without TLS 1.3 (tls-exporter, RFC 9266).
  var channelBinding: [UInt8]? { get }
}

extension ByteStream {
  package var hasMore: Bool { false }
  package var channelBinding: [UInt8]? { nil }
  package func willFinish() {}
  package func askToClose() {}
}
