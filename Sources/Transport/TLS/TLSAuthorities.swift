// Whom a TLS connection trusts.

import COpenSSL
import Glibc

extension TLSContext {
  /// Finds out whether those that were named are there, and look like what they should be.
  func checkAuthorities() throws(TransportError) {
    if let file = configuration.authorityFile {
      let source = try files.name(of: file, Self.authorityFile)
      if !(try files.holds(.certificate, in: source, of: file)) {
        throw Self.fault(Self.authorityFile, file, "has no certificate in PEM form")
      }
    }
    if let directory = configuration.authorityDirectory {
      if access(directory, R_OK | X_OK) != 0 {
        throw Self.fault(Self.authorityDirectory, directory, errno)
      }
      if !SystemAuthorities.hasHashedNames(directory) {
        throw .tls(
          nil,
          .file(
            kind: Self.authorityDirectory, path: directory,
            reason: "has no certificate under a hashed name; 'openssl rehash' makes such names"))
      }
    }
  }

  func loadAuthorities() throws(TransportError) {
    if let file = configuration.authorityFile { try trust(file: file) }
    if let directory = configuration.authorityDirectory {
      SSL_CTX_load_verify_dir(handle, directory)
    }
    let names = configuration.authorityFile == nil && configuration.authorityDirectory == nil
    if names || configuration.trustsSystem { try trustSystem() }
    if !names, configuration.endsChainsAtNamed {
      // What a person names is trusted, be it an authority below another one.
      X509_STORE_set_flags(SSL_CTX_get_cert_store(handle), UInt(X509_V_FLAG_PARTIAL_CHAIN))
    }
  }

  private func trustSystem() throws(TransportError) {
    let system = SystemAuthorities.find()
    for directory in system.directories { SSL_CTX_load_verify_dir(handle, directory) }
    for file in system.files { try trust(file: file) }
    if system.files.isEmpty, system.directories.isEmpty {
      throw .tls(
        nil,
        .noAuthorities(
          places: SystemAuthorities.usualDirectories + SystemAuthorities.usualFiles))
    }
  }

  private func trust(file: String) throws(TransportError) {
    let source = try files.name(of: file, Self.authorityFile)
    if SSL_CTX_load_verify_file(handle, source) != 1 {
      throw Self.fault(
        Self.authorityFile, file, try files.fault(.certificate, in: source, of: file))
    }
    ERR_clear_error()
  }

  func loadRevocations(_ file: String) throws(TransportError) {
    let source = try files.name(of: file, Self.revocations)
    let store = SSL_CTX_get_cert_store(handle)
    guard let lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file()),
      X509_load_crl_file(lookup, source, X509_FILETYPE_PEM) > 0
    else {
      throw Self.fault(
        Self.revocations, file, try files.fault(.revocationList, in: source, of: file))
    }
    ERR_clear_error()
    X509_STORE_set_flags(store, UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL))
  }

  private static let authorityFile = "CA file"
  package static let authorityDirectory = "CA directory"
  private static let revocations = "revocation lists"
}
