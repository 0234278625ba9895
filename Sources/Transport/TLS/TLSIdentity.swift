// Who a TLS connection says we are.

import COpenSSL

extension TLSContext {
  private final class Passphrase {
    let ask: () throws(TransportError) -> [UInt8]
    var failure: TransportError?
    var wasAsked = false
    init(_ ask: @escaping () throws(TransportError) -> [UInt8]) { self.ask = ask }
  }

  func loadIdentity(
    _ certificate: String, _ key: String,
    _ passphrase: @escaping () throws(TransportError) -> [UInt8]
  ) throws(TransportError) {
    try Self.checkReadable(certificate, Self.certificate)
    try Self.checkReadable(key, Self.privateKey)
    if SSL_CTX_use_certificate_chain_file(handle, certificate) != 1 {
      throw Self.fault(Self.certificate, certificate, "has no usable certificate in PEM form")
    }
    let question = Passphrase(passphrase)
    SSL_CTX_set_default_passwd_cb_userdata(
      handle, Unmanaged.passUnretained(question).toOpaque())
    SSL_CTX_set_default_passwd_cb(handle) { buffer, size, _, data in
      guard let buffer, let data else { return -1 }
      let question = Unmanaged<Passphrase>.fromOpaque(data).takeUnretainedValue()
      question.wasAsked = true
      do throws(TransportError) {
        let answer = try question.ask()
        if answer.count > Int(size) { return -1 }
        for (index, byte) in answer.enumerated() { buffer[index] = CChar(bitPattern: byte) }
        return CInt(answer.count)
      } catch {
        question.failure = error
        return -1
      }
    }
    let isLoaded = withExtendedLifetime(question) {
      SSL_CTX_use_PrivateKey_file(handle, key, SSL_FILETYPE_PEM) == 1
    }
    SSL_CTX_set_default_passwd_cb(handle, nil)
    if isLoaded { return }
    if let failure = question.failure { throw failure }
    let isForeign = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH
    ERR_clear_error()
    if isForeign {
      throw Self.fault(Self.privateKey, key, "does not belong to the certificate in \(certificate)")
    }
    throw Self.fault(
      Self.privateKey, key,
      question.wasAsked ? "the passphrase is wrong" : "has no private key in PEM form")
  }

  private static let certificate = "client certificate"
  private static let privateKey = "private key"
}
