import OptionTable

extension Settings.Connection {
  /// - Throws: when options about TLS do not fit together.
  func checkTLS() throws(OptionError) {
    let configuration = tls.configuration
    if configuration.certificateFile == nil {
      if configuration.keyFile != nil { throw OptionError("--key needs --cert") }
      if tls.keyPassphrase != nil {
        throw OptionError(
          "--key-pass-file, --key-pass-env, --key-pass-fd and --key-pass-cmd need --cert")
      }
    }
    if tls.keyIsInEngine == true, configuration.keyFile == nil {
      throw OptionError("--keyform engine needs --key")
    }
    if tls.engine != nil, tls.engineOfKey == nil {
      throw OptionError("--tls-engine needs --keyform engine, or --key pkcs11:…")
    }
    if tls.usesPreSharedKey != (tls.pskIdentity != nil) {
      throw OptionError("--psk and --psk-identity need each other")
    }
    if tls.usesPreSharedKey {
      let usesCertificates =
        configuration.authorityFile != nil || configuration.authorityDirectory != nil
        || configuration.trustsSystem || configuration.certificateFile != nil
        || configuration.revocationFile != nil || !configuration.isVerified
        || !configuration.pins.isEmpty || configuration.needsStatus
      if usesCertificates {
        throw OptionError(
          "--psk takes the place of certificates: no --cafile, --capath, --tls-use-os-certs, --cert, "
            + "--crl, --ocsp, --pin and --insecure with it")
      }
    }
    if !configuration.isVerified, configuration.revocationFile != nil || configuration.needsStatus {
      throw OptionError("--insecure checks nothing: it does not go with --crl and --ocsp")
    }
    if tls.isForbidden, tls.isDemandedByURL {
      throw OptionError("the URL asks for TLS, and --no-tls forbids it")
    }
  }
}
