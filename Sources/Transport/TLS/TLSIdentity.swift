// Who a TLS connection says we are.

import COpenSSL
import CStartUp
import Glibc

extension TLSContext {
  /// A question that OpenSSL's callback can ask.
  private final class Passphrase {
    private let answer: () throws(TransportError) -> [UInt8]
    private(set) var failure: TransportError?
    private(set) var wasAsked = false

    init(_ answer: @escaping () throws(TransportError) -> [UInt8]) { self.answer = answer }

    func ask() -> [UInt8]? {
      wasAsked = true
      do throws(TransportError) { return try answer() } catch {
        failure = error
        return nil
      }
    }
  }

  /// - Parameter keyFile: nil: the key is in the same file, which may be PEM or PKCS#12.
  func loadIdentity(
    _ file: String, _ keyFile: String?, engine: String?,
    _ passphrase: @escaping () throws(TransportError) -> [UInt8]
  ) throws(TransportError) {
    let question = Passphrase(passphrase)
    apus_add_ciphers()
    let source = try files.name(of: file, Self.certificate)
    if keyFile == nil, let archive = Self.archive(in: source) {
      defer { PKCS12_free(archive) }
      return try load(archive, of: file, question)
    }
    if SSL_CTX_use_certificate_chain_file(handle, source) != 1 {
      throw Self.fault(
        Self.certificate, file, try files.fault(.certificate, in: source, of: file))
    }
    if let keyFile, let engine {
      return try useKey(keyFile, in: engine, of: file, pin: passphrase)
    }
    try loadKey(keyFile ?? file, of: file, question)
  }

  // MARK: PEM

  private func loadKey(
    _ file: String, of certificate: String, _ question: Passphrase
  ) throws(TransportError) {
    let source = try files.name(of: file, Self.privateKey)
    SSL_CTX_set_default_passwd_cb_userdata(
      handle, Unmanaged.passUnretained(question).toOpaque())
    SSL_CTX_set_default_passwd_cb(handle) { buffer, size, _, data in
      guard let buffer, let data else { return -1 }
      let question = Unmanaged<Passphrase>.fromOpaque(data).takeUnretainedValue()
      guard let answer = question.ask(), answer.count <= Int(size) else { return -1 }
      for (index, byte) in answer.enumerated() { buffer[index] = CChar(bitPattern: byte) }
      return CInt(answer.count)
    }
    let isLoaded = withExtendedLifetime(question) {
      SSL_CTX_use_PrivateKey_file(handle, source, SSL_FILETYPE_PEM) == 1
    }
    SSL_CTX_set_default_passwd_cb(handle, nil)
    if isLoaded { return }
    if let failure = question.failure { throw failure }
    if ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH {
      throw Self.fault(
        Self.privateKey, file, "does not belong to the certificate in \(certificate)")
    }
    if question.wasAsked { throw Self.fault(Self.privateKey, file, Self.wrongPassphrase) }
    throw Self.fault(
      Self.privateKey, file,
      try files.fault(.privateKey, in: source, of: file)
        + (file == certificate ? "; --key names its file" : ""))
  }

  // MARK: PKCS#12

  /// - Returns: a PKCS12 to free, or nil when the file is something else.
  private static func archive(in file: String) -> OpaquePointer? {
    guard let bytes = BIO_new_file(file, "rb") else { return nil }
    defer { BIO_free(bytes) }
    let archive = d2i_PKCS12_bio(bytes, nil)
    ERR_clear_error()
    return archive
  }

  private func load(
    _ archive: OpaquePointer, of file: String, _ question: Passphrase
  ) throws(TransportError) {
    if PKCS12_mac_present(archive) == 0 {
      throw Self.fault(
        Self.certificate, file, "is PKCS#12 without a MAC, which OpenSSL does not read")
    }
    var secret: [CChar] = [0]
    let isOpen = PKCS12_verify_mac(archive, "", 0) == 1 || PKCS12_verify_mac(archive, nil, 0) == 1
    if !isOpen {
      guard let answer = question.ask() else { throw question.failure ?? .emptyInput(name: file) }
      secret = answer.map { CChar(bitPattern: $0) } + [0]
      if PKCS12_verify_mac(archive, secret, -1) != 1 {
        throw Self.fault(Self.certificate, file, Self.wrongPassphrase)
      }
    }
    var key: OpaquePointer?
    var certificate: OpaquePointer?
    var chain: OpaquePointer?
    let isParsed = PKCS12_parse(archive, secret, &key, &certificate, &chain) == 1
    defer {
      EVP_PKEY_free(key)
      X509_free(certificate)
      apus_certificates_free(chain)
    }
    guard isParsed else {
      throw Self.fault(
        Self.certificate, file,
        "is encrypted as OpenSSL 3 no longer reads it; 'openssl pkcs12 -legacy' converts it")
    }
    guard let key, let certificate,
      SSL_CTX_use_cert_and_key(handle, certificate, key, chain, 1) == 1
    else { throw Self.fault(Self.certificate, file, "has no certificate with its key") }
  }

  private static let certificate = "client certificate"
  private static let privateKey = "private key"
  private static let wrongPassphrase = "the passphrase is wrong"
}
