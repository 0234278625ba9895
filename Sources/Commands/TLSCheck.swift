import OptionTable

extension Settings.Connection {
  /// - Throws: when options about TLS do not fit together.
  func checkTLS() throws(OptionError) {
    let configuration = tls.configuration
    if (configuration.certificateFile == nil) != (configuration.keyFile == nil) {
      throw OptionError("--cert and --key need each other")
    }
    if tls.keyPassphrase != nil, configuration.keyFile == nil {
      throw OptionError("--key-pass-file and --key-pass-env need --cert and --key")
    }
    if (tls.preSharedKey == nil) != (tls.pskIdentity == nil) {
      throw OptionError("--psk and --psk-identity need each other")
    }
    if tls.preSharedKey != nil {
      let usesCertificates =
        configuration.authorityFile != nil || configuration.authorityDirectory != nil
        || configuration.trustsSystem || configuration.certificateFile != nil
        || configuration.revocationFile != nil || !configuration.isVerified
      if usesCertificates {
        throw OptionError(
          "--psk takes the place of certificates: no --cafile, --capath, --tls-use-os-certs, --cert, "
            + "--crl and --insecure with it")
      }
    }
    if !configuration.isVerified, configuration.revocationFile != nil {
      throw OptionError("--insecure checks nothing: it does not go with --crl")
    }
    if tls.isForbidden, tls.isDemandedByURL {
      throw OptionError("the URL asks for TLS, and --no-tls forbids it")
    }
  }
}
