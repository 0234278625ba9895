// What is wrong with a certificate, and who it belongs to.

import COpenSSL

/// The first certificate of a chain that did not pass, in the certificate's own words.
package struct CertificateFault: Hashable, Sendable {
  /// X509_V_ERR_…
  package var code: CInt
  /// Who was asked for.
  package var host: String
  package var certificate: CertificateDetails

  /// - Parameter certificate: an X509, or nil when there is none.
  init(code: CInt, host: String, certificate: OpaquePointer?) {
    self.code = code
    self.host = host
    self.certificate = CertificateDetails(certificate)
  }
}

extension CertificateFault: CustomStringConvertible {
  package var description: String {
    let subject = certificate.subject
    let issuer = certificate.issuer
    return switch code {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      "the certificate of '\(subject)' expired on \(certificate.notAfter); it must be renewed, unless this "
        + "machine's clock is wrong"
    case X509_V_ERR_CERT_NOT_YET_VALID:
      "the certificate of '\(subject)' is valid from \(certificate.notBefore) on; is this machine's clock wrong?"
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: mismatch
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      "the certificate of '\(subject)' is self-signed, and not trusted; if it is the right one, name "
        + "a file of it with --cafile"
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      "the certificate of '\(subject)' is issued by '\(issuer)', which is not among the trusted "
        + "authorities; --cafile names a file of them"
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      "the certificate's authority '\(subject)' is not trusted; --cafile names a file of those that "
        + "are"
    case X509_V_ERR_CERT_REVOKED: "the certificate of '\(subject)' has been revoked"
    case X509_V_ERR_UNABLE_TO_GET_CRL:
      "the file of --crl has no revocation list of '\(issuer)' for the certificate of '\(subject)'"
    case X509_V_ERR_CRL_HAS_EXPIRED:
      "the revocation list of '\(issuer)' is out of date; get a newer one for --crl"
    default:
      "the certificate of '\(subject)' does not pass: "
        + String(cString: X509_verify_cert_error_string(Int(code)))
    }
  }

  private var mismatch: String {
    certificate.names.isEmpty
      ? "the certificate of '\(certificate.subject)' names no host (it has no subjectAltName), so it is not for "
        + host
      : "the certificate is for \(certificate.shownNames), not for \(host); connect with one "
        + "of its names, or have one made for \(host)"
  }
}
