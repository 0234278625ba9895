// What the server's authority says about its certificate right now, sent along by the server (OCSP, RFC 6960).

import COpenSSL

/// What comes of a stapled OCSP response.
package enum StapledStatus: Hashable, Sendable {
  case good, missing, revoked
  /// Nobody knows the certificate, or the response is not the authority's, or out of date.
  case unusable(String)

  /// - Parameter ssl: an SSL whose handshake is done and whose server is verified.
  init(of ssl: OpaquePointer) {
    var start: UnsafePointer<UInt8>?
    let length = apus_ssl_status(ssl, &start)
    guard length > 0, start != nil else {
      self = .missing
      return
    }
    self = Self.read(&start, length, ssl)
    ERR_clear_error()
  }

  /// Seconds by which clocks may differ.
  private static let slack = 300

  private static func read(
    _ start: inout UnsafePointer<UInt8>?, _ length: Int, _ ssl: OpaquePointer
  ) -> StapledStatus {
    guard let response = d2i_OCSP_RESPONSE(nil, &start, length) else {
      return .unusable("it is malformed")
    }
    defer { OCSP_RESPONSE_free(response) }
    guard OCSP_response_status(response) == OCSP_RESPONSE_STATUS_SUCCESSFUL,
      let basic = OCSP_response_get1_basic(response)
    else { return .unusable("it says nothing") }
    defer { OCSP_BASICRESP_free(basic) }
    let chain = SSL_get0_verified_chain(ssl)
    let store = SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl))
    guard OCSP_basic_verify(basic, chain, store, 0) == 1 else {
      return .unusable("it is not signed by the certificate's authority")
    }
    guard let own = apus_chain_at(chain, 0) else { return .unusable("there is no certificate") }
    // A certificate that is trusted itself stands alone.
    let question = OCSP_cert_to_id(nil, own, apus_chain_at(chain, 1) ?? own)
    defer { OCSP_CERTID_free(question) }
    var status: CInt = 0
    var from: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
    var until: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
    guard OCSP_resp_find_status(basic, question, &status, nil, nil, &from, &until) == 1 else {
      return .unusable("it is about another certificate")
    }
    guard OCSP_check_validity(from, until, slack, -1) == 1 else {
      return .unusable("it is out of date")
    }
    switch status {
    case V_OCSP_CERTSTATUS_GOOD: return .good
    case V_OCSP_CERTSTATUS_REVOKED: return .revoked
    default: return .unusable("the authority does not know the certificate")
    }
  }
}
