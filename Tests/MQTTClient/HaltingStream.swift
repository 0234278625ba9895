import Transport

/// A stream that carries only so many bytes at once, says every other time that it would block, and
/// may end early.
final class HaltingStream: ByteStream {
  private let stream: any ByteStream
  private let pieces: Int
  private let halts: Bool
  private var left: Int
  private var hasRead = false
  private var hasWritten = false

  /// - Parameter end: the connection's end, in bytes that were read.
  init(_ stream: any ByteStream, pieces: Int, halts: Bool = false, end: Int = .max) {
    self.stream = stream
    self.pieces = pieces
    self.halts = halts
    left = end
  }

  var descriptor: CInt { stream.descriptor }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Transfer {
    if left == 0 { return .end }
    hasRead.toggle()
    if halts, !hasRead { return .wouldBlock(.readable) }
    let room = UnsafeMutableRawBufferPointer(
      rebasing: buffer[..<min(pieces, left, buffer.count)])
    let transfer = try stream.read(into: room)
    if case .bytes(let count) = transfer { left -= count }
    return transfer
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(TransportError) -> Transfer {
    hasWritten.toggle()
    if halts, !hasWritten { return .wouldBlock(.writable) }
    return try stream.write(UnsafeRawBufferPointer(rebasing: bytes[..<min(pieces, bytes.count)]))
  }

  func isDelivered() throws(TransportError) -> Bool { try stream.isDelivered() }
  func finishWriting() { stream.finishWriting() }
  func close() { stream.close() }
}
