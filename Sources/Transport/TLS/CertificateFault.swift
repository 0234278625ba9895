// What is wrong with a certificate, and who it belongs to.

import COpenSSL
import Glibc

/// The first certificate of a chain that did not pass, in the certificate's own words.
package struct CertificateFault: Hashable, Sendable {
  /// X509_V_ERR_…
  package var code: CInt
  /// Who was asked for.
  package var host: String
  package var subject = ""
  package var issuer = ""
  package var notBefore = ""
  package var notAfter = ""
  /// Hosts and addresses that it is for.
  package var names: [String] = []

  /// - Parameter certificate: an X509, or nil when there is none.
  init(code: CInt, host: String, certificate: OpaquePointer?) {
    self.code = code
    self.host = host
    guard let certificate else { return }
    subject = Self.text { apus_name_print($0, X509_get_subject_name(certificate)) }
    issuer = Self.text { apus_name_print($0, X509_get_issuer_name(certificate)) }
    notBefore = Self.text { ASN1_TIME_print($0, X509_get0_notBefore(certificate)) }
    notAfter = Self.text { ASN1_TIME_print($0, X509_get0_notAfter(certificate)) }
    names = Self.names(of: certificate)
  }

  /// Most names that a message lists, and bytes of one text in it: certificates may be anything.
  private static let mostNames = 8
  private static let mostBytes = 200

  private static func text(_ print: (OpaquePointer) -> CInt) -> String {
    guard let memory = BIO_new(BIO_s_mem()) else { return "" }
    defer { BIO_free(memory) }
    _ = print(memory)
    var start: UnsafeMutablePointer<CChar>?
    let count = apus_bio_text(memory, &start)
    let bytes = UnsafeRawBufferPointer(start: start, count: min(max(0, count), mostBytes))
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func names(of certificate: OpaquePointer) -> [String] {
    guard let list = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else {
      return []
    }
    let stack = OpaquePointer(list)
    defer { apus_names_free(stack) }
    var names: [String] = []
    for index in 0..<max(0, apus_names_count(stack)) {
      var start: UnsafePointer<UInt8>?
      var length: CInt = 0
      let kind = apus_names_at(stack, index, &start, &length)
      let bytes = UnsafeRawBufferPointer(start: start, count: min(Int(length), mostBytes))
      if kind == GEN_DNS { names.append(String(decoding: bytes, as: UTF8.self)) }
      if kind == GEN_IPADD, let address = address(bytes) { names.append(address) }
      if names.count > mostNames {
        names[mostNames] = "…"
        break
      }
    }
    return names
  }

  private static func address(_ bytes: UnsafeRawBufferPointer) -> String? {
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    guard bytes.count == 4 || bytes.count == 16, let start = bytes.baseAddress else { return nil }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    inet_ntop(family, start, &text, socklen_t(text.count))
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension CertificateFault: CustomStringConvertible {
  package var description: String {
    switch code {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      "the certificate of '\(subject)' expired on \(notAfter); it must be renewed, unless this "
        + "machine's clock is wrong"
    case X509_V_ERR_CERT_NOT_YET_VALID:
      "the certificate of '\(subject)' is valid from \(notBefore) on; is this machine's clock wrong?"
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
    names.isEmpty
      ? "the certificate of '\(subject)' names no host (it has no subjectAltName), so it is not for "
        + host
      : "the certificate is for \(names.joined(separator: ", ")), not for \(host); connect with one "
        + "of its names, or have one made for \(host)"
  }
}
