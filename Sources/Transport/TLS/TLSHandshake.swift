// Whether the server is the one that was asked for.

import COpenSSL

extension TLSStream {
  /// Who must answer: RFC 6125, without its leftovers (names in the subject, wildcards within a label).
  func demandServer() throws(TransportError) {
    let literal = host.split(separator: "%").first.map(String.init) ?? host
    let isAddress =
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), literal) == 1
    if !isAddress {
      SSL_set_hostflags(
        ssl,
        UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
      // OpenSSL takes no name for any, and one that begins with a dot for all below it.
      guard !host.isEmpty, !host.hasPrefix("."), SSL_set1_host(ssl, host) == 1,
        apus_ssl_set_server_name(ssl, host) == 1
      else {
        throw .tls(endpoint, .other("'\(host)' is no host name that a certificate can be for"))
      }
    }
    ERR_clear_error()
    if !context.configuration.checksHost {
      X509_VERIFY_PARAM_set1_host(SSL_get0_param(ssl), nil, 0)
      X509_VERIFY_PARAM_set1_ip(SSL_get0_param(ssl), nil, 0)
    }
    guard context.configuration.isVerified else {
      X509_VERIFY_PARAM_set1_host(SSL_get0_param(ssl), nil, 0)
      return SSL_set_verify(ssl, SSL_VERIFY_NONE, nil)
    }
    if asksStatus { apus_ssl_ask_status(ssl) }
    SSL_set_verify(ssl, SSL_VERIFY_PEER, Self.judge)
  }

  /// Notes the first certificate that does not pass.
  private static let judge: SSL_verify_cb = { isGood, store in
    if isGood == 1 { return 1 }
    let ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx())
    guard let ssl, let data = SSL_get_ex_data(OpaquePointer(ssl), 0) else { return 0 }
    let stream = Unmanaged<TLSStream>.fromOpaque(data).takeUnretainedValue()
    let fault = CertificateFault(
      code: X509_STORE_CTX_get_error(store), host: stream.host,
      certificate: X509_STORE_CTX_get_current_cert(store))
    if stream.faults != nil {
      stream.faults?.append(fault)
    } else {
      stream.certificateFault = fault
    }
    return 0
  }

  /// Every fault of the chain that the server sent, where a handshake stops at the first.
  func allFaults() -> [CertificateFault] {
    defer { faults = nil }
    faults = []
    _ = apus_verify(ssl) { isGood, store in
      if isGood == 0 { _ = TLSStream.judge(isGood, store) }
      return 1
    }
    ERR_clear_error()
    return faults ?? []
  }

  /// In a resumed session the server shows no certificate.  The one that it showed then has to pass now:
  /// its time may be over, and files may say something else.
  private func verifyAgain() throws(TransportError) {
    guard isResumed, context.configuration.isVerified, context.configuration.preSharedKey == nil
    else { return }
    if apus_verify(ssl, Self.judge) == 1 { return }
    isBroken = true
    if let certificateFault { throw .tls(endpoint, .certificate(certificateFault)) }
    throw .tls(endpoint, .other(TLSContext.reason()))
  }

  func shakeHands(until deadline: Duration?, _ stop: StopSignals?) throws(TransportError) {
    let began = MonotonicClock.now()
    prepare()
    below.holdBack()
    while true {
      let result = SSL_do_handshake(ssl)
      if result == 1 {
        try verifyAgain()
        try checkPin()
        try checkStatus()
        isProven = true
        return confirmAtOnce()
      }
      switch try handshakeOutcome(of: result) {
      case .bytes: break
      case .end: throw .tls(endpoint, .closedInHandshake)
      case .wouldBlock(let wants):
        // While the server works on its answer to our hello.
        try context.readAuthorities()
        let watches = Watches(socket: Watch(descriptor, wants))
        let ready = try watches.wait(until: deadline, stop: stop)
        if let signal = ready.signal { throw .interrupted(signal: signal) }
        if !ready.socket {
          isBroken = true
          throw .noHandshake(endpoint, within: MonotonicClock.now() - began)
        }
      }
      prepare()
    }
  }

  private func checkPin() throws(TransportError) {
    let pins = context.configuration.pins
    if pins.isEmpty { return }
    guard let certificate = SSL_get0_peer_certificate(ssl),
      let seen = CertificateDetails.pin(of: certificate)
    else { throw .tls(endpoint, .other("the server has no certificate")) }
    if !pins.contains(seen) { throw .tls(endpoint, .pin(seen)) }
  }

  /// A response that is sent must be good; whether one is sent is the server's affair unless demanded.
  private func checkStatus() throws(TransportError) {
    guard asksStatus else { return }
    switch StapledStatus(of: ssl) {
    case .good:
      mayBeResumed = false
      return
    case .missing where !context.configuration.needsStatus: return
    case let status: throw .tls(endpoint, .status(status))
    }
  }

  private var asksStatus: Bool {
    context.configuration.isVerified && context.configuration.preSharedKey == nil
  }

  /// A server that does not know TLS often just closes.
  private func handshakeOutcome(of result: CInt) throws(TransportError) -> Transfer {
    do { return try outcome(of: result) } catch {
      if case .lost = error { throw .tls(endpoint, .closedInHandshake) }
      throw error
    }
  }
}
