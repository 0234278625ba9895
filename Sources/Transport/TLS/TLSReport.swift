// What a handshake brought to light, for people.

import COpenSSL

/// Who answered, and how each check of it ended.
package struct TLSReport: Sendable {
  package var endpoint: Endpoint
  /// What was agreed on; nil where the handshake did not come so far.
  package var session: Session?
  /// As the server sent them, its own first.
  package var certificates: [CertificateDetails] = []
  package var checks: [Check] = []

  package struct Session: Hashable, Sendable {
    package var version: String
    package var cipher: String
    package var group: String
    /// What ALPN has settled, if it was asked for.
    package var applicationProtocol: [UInt8]
    package var wasResumed: Bool
  }

  package struct Check: Hashable, Sendable {
    package var name: String
    package var outcome: Outcome
  }

  package enum Outcome: Hashable, Sendable {
    case passed(String)
    case failed(String)
    /// And why it was not made.
    case left(String)
  }
}

extension TLSReport {
  package init(_ stream: TLSStream) {
    endpoint = stream.endpoint
    let ssl = stream.ssl
    if SSL_is_init_finished(ssl) == 1 { session = Session(ssl) }
    let chain = SSL_get_peer_cert_chain(ssl)
    while let certificate = apus_chain_at(chain, CInt(certificates.count)) {
      certificates.append(CertificateDetails(certificate))
    }
    let configuration = stream.context.configuration
    if let key = configuration.preSharedKey {
      let isKnown = SSL_is_init_finished(ssl) == 1
      checks = [
        Check(
          name: "key",
          outcome: isKnown
            ? .passed("the server has the key of '\(key.identity)'")
            : .failed(
              certificates.isEmpty
                ? "the handshake with the key of '\(key.identity)' did not succeed"
                : "the server sent a certificate in the place of the key of '\(key.identity)'"))
      ]
    } else if !certificates.isEmpty {
      checks = verification(stream) + [status(stream), pin(configuration)]
    }
  }

  private func verification(_ stream: TLSStream) -> [Check] {
    let configuration = stream.context.configuration
    let names = ["trust", "dates", "host"]
    guard configuration.isVerified else {
      return (names + ["revocation"]).map { Check(name: $0, outcome: .left("--insecure")) }
    }
    let faults = stream.allFaults()
    func outcome(_ aspect: CertificateFault.Aspect, _ fine: String) -> Outcome {
      let found = faults.filter { $0.aspect == aspect }
      return found.isEmpty
        ? .passed(fine) : .failed(found.map(\.description).joined(separator: "; "))
    }
    let root = certificates.last.map { $0.issuer } ?? ""
    let known = configuration.revocationFile != nil
    return [
      Check(name: "trust", outcome: outcome(.trust, "the chain ends at '\(root)'")),
      Check(name: "dates", outcome: outcome(.dates, "all are valid now")),
      Check(
        name: "host",
        outcome: configuration.checksHost
          ? outcome(.host, "it is for \(stream.host)") : .left("any host will do")),
      Check(
        name: "revocation",
        outcome: known
          ? outcome(.revocation, "no list of --crl names one") : .left("no --crl given")),
    ]
  }

  private func status(_ stream: TLSStream) -> Check {
    let configuration = stream.context.configuration
    let outcome: Outcome
    if !configuration.isVerified {
      outcome = .left("--insecure")
    } else if session == nil {
      outcome = .left("it only counts for a certificate that is trusted")
    } else {
      switch StapledStatus(of: stream.ssl) {
      case .good: outcome = .passed("the server's authority says that it is good")
      case .missing where !configuration.needsStatus:
        outcome = .left("the server sends no response")
      case let status: outcome = .failed("\(TLSFault.status(status))")
      }
    }
    return Check(name: "OCSP", outcome: outcome)
  }

  private func pin(_ configuration: TLSConfiguration) -> Check {
    let seen = certificates.first?.pin ?? ""
    let outcome: Outcome =
      configuration.pins.isEmpty
      ? .left("no --pin given")
      : configuration.pins.contains(seen)
        ? .passed("it is the server's key") : .failed("\(TLSFault.pin(seen))")
    return Check(name: "pin", outcome: outcome)
  }
}

extension TLSReport.Session {
  fileprivate init(_ ssl: OpaquePointer) {
    version = String(cString: SSL_get_version(ssl))
    let name = SSL_CIPHER_get_name(SSL_get_current_cipher(ssl))
    cipher = name.map { String(cString: $0) } ?? ""
    group = apus_ssl_group(ssl).map { String(cString: $0) } ?? ""
    var start: UnsafePointer<UInt8>?
    var length: UInt32 = 0
    SSL_get0_alpn_selected(ssl, &start, &length)
    applicationProtocol = [UInt8](UnsafeRawBufferPointer(start: start, count: Int(length)))
    wasResumed = SSL_session_reused(ssl) == 1
  }
}

extension CertificateFault {
  /// What of a chain a fault concerns.
  enum Aspect { case trust, dates, host, revocation }

  var aspect: Aspect {
    switch code {
    case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID: .dates
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: .host
    case X509_V_ERR_CERT_REVOKED, X509_V_ERR_UNABLE_TO_GET_CRL, X509_V_ERR_CRL_HAS_EXPIRED,
      X509_V_ERR_CRL_NOT_YET_VALID, X509_V_ERR_CRL_SIGNATURE_FAILURE,
      X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
      .revocation
    default: .trust
    }
  }
}
