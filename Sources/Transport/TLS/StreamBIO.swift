// OpenSSL reads and writes through a stream of ours, whatever that one is.

import COpenSSL

/// What OpenSSL's callbacks see of a stream below TLS.
final class StreamBelow {
  let stream: any ByteStream
  /// What stopped the last call from going on.
  private(set) var wants: Readiness = .readable
  /// Why nothing goes on at all.
  private(set) var failure: TransportError?
  private var isAtEnd = false
  /// The last read took all there was: another would only cost a system call.
  private var isDrained = false

  init(_ stream: any ByteStream) { self.stream = stream }

  /// Before each call of OpenSSL: there may be something to read again.
  func resume() { isDrained = false }

  /// Nothing is read before `resume`.
  func holdBack() { isDrained = true }

  /// A BIO for one SSL, which frees it; this object must outlive it.
  func makeBIO() -> OpaquePointer? {
    guard let method, let bio = BIO_new(method) else { return nil }
    BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
    BIO_set_init(bio, 1)
    return bio
  }

  private static func of(_ bio: OpaquePointer?) -> StreamBelow? {
    BIO_get_data(bio).map { Unmanaged<StreamBelow>.fromOpaque($0).takeUnretainedValue() }
  }

  /// - Returns: bytes moved, 0 at the end, -1 when it cannot go on (now).
  private func settle(
    _ bio: OpaquePointer?, reading: Bool, _ move: () throws(TransportError) -> Transfer
  ) -> CInt {
    apus_bio_no_retry(bio)
    do throws(TransportError) {
      switch try move() {
      case .bytes(let count): return CInt(count)
      case .end:
        isAtEnd = true
        return 0
      case .wouldBlock(let readiness):
        wants = readiness
        apus_bio_retry(bio, reading ? 1 : 0)
        return -1
      }
    } catch {
      failure = error
      return -1
    }
  }

  private func read(_ bio: OpaquePointer?, _ buffer: UnsafeMutableRawBufferPointer) -> CInt {
    settle(bio, reading: true) { () throws(TransportError) in
      if isDrained { return .wouldBlock(.readable) }
      let transfer = try stream.read(into: buffer)
      if case .bytes(let count) = transfer { isDrained = count < buffer.count && !stream.hasMore }
      return transfer
    }
  }

  private func write(_ bio: OpaquePointer?, _ bytes: UnsafeRawBufferPointer) -> CInt {
    settle(bio, reading: false) { () throws(TransportError) in try stream.write(bytes) }
  }

  /// Made once, when TLS is used first.
  private nonisolated(unsafe) static let shared: OpaquePointer? = {
    guard let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "apus") else {
      return nil
    }
    BIO_meth_set_read(method) { bio, buffer, count in
      StreamBelow.of(bio)?.read(
        bio, UnsafeMutableRawBufferPointer(start: buffer, count: Int(count))) ?? -1
    }
    BIO_meth_set_write(method) { bio, bytes, count in
      StreamBelow.of(bio)?.write(bio, UnsafeRawBufferPointer(start: bytes, count: Int(count))) ?? -1
    }
    BIO_meth_set_ctrl(method) { bio, command, _, _ in
      switch command {
      case BIO_CTRL_FLUSH: 1
      case BIO_CTRL_EOF: StreamBelow.of(bio)?.isAtEnd == true ? 1 : 0
      default: 0
      }
    }
    return method
  }()

  private var method: OpaquePointer? { Self.shared }
}
