// TLS over another stream.

import COpenSSL
import Glibc

/// A TLS connection whose server is the one that was asked for.  Owns one SSL.
package final class TLSStream: ByteStream {
  let context: TLSContext
  let below: StreamBelow
  let ssl: OpaquePointer
  let endpoint: Endpoint
  /// The first certificate that did not pass, as the check saw it.
  var certificateFault: CertificateFault?
  /// While all of them are looked for.
  var faults: [CertificateFault]?
  let host: String
  /// Most bytes of one read.
  private static let block = 512 << 10
  /// Found behind data that was still to be handed out.
  private var found: Result<Transfer, TransportError>?
  private var hasReceived = false
  /// Nothing may be sent any more.
  var isBroken = false
  private var isClosed = false
  /// The server is the one that was asked for.
  var isProven = false
  /// See TLSSessions.
  lazy var mayBeResumed = context.configuration.preSharedKey == nil

  package private(set) var hasMore = false
  package var descriptor: CInt { below.stream.descriptor }

  /// Shakes hands.
  ///
  /// - Parameters:
  ///   - endpoint: for messages.
  ///   - host: name or address that the server's certificate must be for.
  /// - Throws: `.tls`, `.noHandshake`, `.interrupted`, and what the stream throws.
  package static func connect(
    over stream: any ByteStream, _ context: TLSContext, to endpoint: Endpoint, host: String,
    deadline: Duration?, stop: StopSignals?
  ) throws(TransportError) -> TLSStream {
    let tls = try TLSStream(over: stream, context, to: endpoint, host: host)
    defer { context.observer?(tls) }
    try tls.shakeHands(until: deadline, stop)
    return tls
  }

  private init(
    over stream: any ByteStream, _ context: TLSContext, to endpoint: Endpoint, host: String
  ) throws(TransportError) {
    guard let ssl = SSL_new(context.handle) else {
      throw .tls(endpoint, .other(TLSContext.reason()))
    }
    self.context = context
    self.ssl = ssl
    self.endpoint = endpoint
    // The root's dot is not part of the name in certificates.
    self.host = host.hasSuffix(".") ? String(host.dropLast()) : host
    below = StreamBelow(stream)
    SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(self).toOpaque())
    guard let bio = below.makeBIO() else { throw .tls(endpoint, .other(TLSContext.reason())) }
    SSL_set_bio(ssl, bio, bio)
    SSL_set_connect_state(ssl)
    try demandServer()
    context.sessions?.resume(ssl, for: sessionName)
  }

  /// Sessions are for one name at one place.
  private var sessionName: String { "\(host) \(endpoint)" }

  /// The handshake was a short one.
  package var isResumed: Bool { SSL_session_reused(ssl) == 1 }

  /// The server has given what a later connection needs for a short handshake.
  package var canBeResumed: Bool { SSL_SESSION_is_resumable(SSL_get_session(ssl)) == 1 }

  package var asksProtocol: Bool { context.configuration.applicationProtocol != nil }

  deinit {
    close()
    SSL_free(ssl)
  }

  package var channelBinding: [UInt8]? {
    guard SSL_version(ssl) == TLS1_3_VERSION else { return nil }
    var bytes = [UInt8](repeating: 0, count: 32)
    let label = "EXPORTER-Channel-Binding"
    let isDone = SSL_export_keying_material(
      ssl, &bytes, bytes.count, label, label.utf8.count, [], 0, 1)
    return isDone == 1 ? bytes : nil
  }

  // MARK: Bytes

  package func read(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(TransportError) -> Transfer {
    if let found {
      self.found = nil
      return try found.get()
    }
    var total = 0
    hasMore = false
    prepare()
    // Record after record; not all that a fast server has to say, for that may be without end.
    while total < min(buffer.count, Self.block) {
      var count = 0
      let place = buffer.baseAddress.map { $0 + total }
      let result = SSL_read_ex(ssl, place, buffer.count - total, &count)
      if result == 1 {
        total += count
        hasReceived = true
        continue
      }
      if total == 0 { return try outcome(of: result) }
      do throws(TransportError) {
        let other = try outcome(of: result)
        if case .end = other { found = .success(.end) }
      } catch {
        found = .failure(error)
      }
      hasMore = found != nil
      return .bytes(total)
    }
    hasMore = true
    return .bytes(total)
  }

  package func write(_ bytes: UnsafeRawBufferPointer) throws(TransportError) -> Transfer {
    var total = 0
    prepare()
    while total < bytes.count {
      var count = 0
      let place = bytes.baseAddress.map { $0 + total }
      let result = SSL_write_ex(ssl, place, bytes.count - total, &count)
      if result != 1 {
        let other = try outcome(of: result)
        return total > 0 ? .bytes(total) : other
      }
      total += count
    }
    if !hasReceived { confirmAtOnce() }
    return .bytes(total)
  }

  /// In TLS 1.3 a server sends tickets after the handshake, and then CONNACK, which would wait for us.
  func confirmAtOnce() { Sockets.confirmAtOnce(descriptor) }

  package func isDelivered() throws(TransportError) -> Bool { try below.stream.isDelivered() }

  /// TLS's farewell comes with `close`.  Servers close at DISCONNECT and read no further: what they left
  /// unread would make their system reset the connection, and a reset means that messages were lost.
  package func finishWriting() {}

  package func close() {
    if !isClosed, isProven, mayBeResumed { context.sessions?.keep(of: ssl, for: sessionName) }
    if !isBroken, !isClosed {
      prepare()
      SSL_shutdown(ssl)
    }
    isClosed = true
    below.stream.close()
  }

  // MARK: What OpenSSL says

  func prepare() {
    ERR_clear_error()
    below.resume()
  }

  /// The meaning of a call that did nothing.  An end without TLS's farewell is an end: MQTT's own
  /// packets tell what is missing.
  func outcome(of result: CInt) throws(TransportError) -> Transfer {
    switch SSL_get_error(ssl, result) {
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .wouldBlock(below.wants)
    case SSL_ERROR_ZERO_RETURN: return .end
    case SSL_ERROR_SYSCALL:
      isBroken = true
      if let failure = below.failure { throw failure }
      return .end
    default:
      isBroken = true
      return try fail()
    }
  }

  private func fail() throws(TransportError) -> Transfer {
    let code = ERR_peek_error()
    let reason = ERR_GET_REASON(code)
    if reason == SSL_R_UNEXPECTED_EOF_WHILE_READING { return .end }
    if reason == SSL_R_CERTIFICATE_VERIFY_FAILED, let certificateFault {
      // In TLS 1.3 a server is free to (RFC 8446 §2.2).
      if context.configuration.preSharedKey != nil { throw .tls(endpoint, .keyNotTaken) }
      throw .tls(endpoint, .certificate(certificateFault))
    }
    // Where a server rejects our certificate in TLS 1.3, the handshake is over for us.
    if !hasReceived, reason > SSL_AD_REASON_OFFSET, reason < SSL_AD_REASON_OFFSET + 256 {
      let alert = UInt8(reason - SSL_AD_REASON_OFFSET)
      let usesKey = context.configuration.preSharedKey != nil
      throw .tls(endpoint, .refused(alert: alert, usesKey: usesKey))
    }
    if SSL_is_init_finished(ssl) == 0 {
      switch reason {
      case SSL_R_WRONG_VERSION_NUMBER, SSL_R_PACKET_LENGTH_TOO_LONG, SSL_R_BAD_RECORD_TYPE,
        SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST, SSL_R_UNEXPECTED_MESSAGE,
        SSL_R_RECORD_LENGTH_MISMATCH:
        throw .tls(endpoint, .notTLS)
      case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_NO_PROTOCOLS_AVAILABLE, SSL_R_NO_CIPHERS_AVAILABLE,
        SSL_R_WRONG_SSL_VERSION:
        throw .tls(endpoint, .nothingInCommon)
      default: break
      }
    }
    throw .tls(endpoint, .other(TLSContext.reason()))
  }
}
