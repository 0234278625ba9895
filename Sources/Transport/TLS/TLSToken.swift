// A private key that stays where it is: in a smart card, a security module, or software that acts as one.

import COpenSSL

extension TLSContext {
  /// OpenSSL can load an engine of this name.
  package static func hasEngine(_ name: String) -> Bool {
    #if STATIC_OPENSSL
      false
    #else
      apus_has_engine(name) == 1
    #endif
  }

  /// Uses a key by its name (`pkcs11:…`, RFC 7512) through an OpenSSL engine.
  ///
  /// - Parameter pin: is asked unless the name says the PIN, or where it is.
  func useKey(
    _ name: String, in engine: String, of certificate: String,
    pin: () throws(TransportError) -> [UInt8]
  ) throws(TransportError) {
    // The PIN may stand behind the question mark.
    let shown = String(name.prefix { $0 != "?" })
    #if STATIC_OPENSSL
      throw Self.fault(
        Self.tokenKey, shown,
        "this apus is linked statically, and cannot load OpenSSL's engines; 'make LINK=dynamic' makes one "
          + "that can")
    #else
      var answer: [CChar]?
      if strstr(name, "pin-value=") == nil, strstr(name, "pin-source=") == nil {
        answer = try pin().map { CChar(bitPattern: $0) } + [0]
      }
      var stage: CInt = 0
      let key = apus_engine_key(engine, name, answer, &stage)
      defer { EVP_PKEY_free(key) }
      guard let key else { throw Self.fault(Self.tokenKey, shown, Self.fault(engine, stage)) }
      if SSL_CTX_use_PrivateKey(handle, key) != 1 {
        throw Self.fault(
          Self.tokenKey, shown, "does not belong to the certificate in \(certificate)")
      }
      ERR_clear_error()
    #endif
  }

  #if !STATIC_OPENSSL
    private static func fault(_ engine: String, _ stage: CInt) -> String {
      switch stage {
      case 0:
        "OpenSSL has no engine '\(engine)'; Debian's package libengine-pkcs11-openssl brings pkcs11"
      case 1: "OpenSSL's engine '\(engine)' does not start"
      default:
        "the engine '\(engine)' gives no such key: check its name, the PIN, and PKCS11_MODULE_PATH"
      }
    }
  #endif

  private static let tokenKey = "private key"
}
