// What all TLS connections of a run share: authorities, certificate and key, versions, ciphers.

import COpenSSL
import Glibc

/// Files are read once, when it is made.  Owns one SSL_CTX.
package final class TLSContext {
  package let configuration: TLSConfiguration
  let handle: OpaquePointer
  /// Of the key log; -1 without one.
  let keyLog: CInt

  /// - Parameter passphrase: is asked when the key is encrypted.
  /// - Throws: `.tls`, and what `passphrase` throws.
  package init(
    _ configuration: TLSConfiguration, passphrase: @escaping () throws(TransportError) -> [UInt8]
  ) throws(TransportError) {
    guard let handle = SSL_CTX_new(TLS_client_method()) else {
      throw .tls(nil, .other(Self.reason()))
    }
    self.configuration = configuration
    self.handle = handle
    do throws(TransportError) {
      keyLog = try Self.openKeyLog(configuration.keyLog)
    } catch {
      SSL_CTX_free(handle)
      throw error
    }
    SSL_CTX_set_ex_data(handle, 0, Unmanaged.passUnretained(self).toOpaque())
    apus_ctx_set_modes(handle, 64 << 10)
    setVersions()
    try setCiphers()
    if configuration.preSharedKey != nil {
      usePreSharedKey()
    } else if configuration.isVerified {
      try loadAuthorities()
      if let file = configuration.revocationFile { try loadRevocations(file) }
    }
    if let certificate = configuration.certificateFile, let key = configuration.keyFile {
      try loadIdentity(certificate, key, passphrase)
    }
    if let name = configuration.applicationProtocol {
      let list = [UInt8(truncatingIfNeeded: name.count)] + name
      SSL_CTX_set_alpn_protos(handle, list, UInt32(list.count))
    }
    if keyLog >= 0 { writeKeyLog() }
  }

  deinit {
    SSL_CTX_free(handle)
    if keyLog >= 0 { close(keyLog) }
  }

  /// The context that an SSL was made from.
  static func of(_ ssl: OpaquePointer?) -> TLSContext? {
    guard let ssl, let data = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), 0) else { return nil }
    return Unmanaged<TLSContext>.fromOpaque(data).takeUnretainedValue()
  }

  /// The last of OpenSSL's complaints; the list is empty then.
  static func reason() -> String {
    let code = ERR_peek_last_error()
    ERR_clear_error()
    guard code != 0, let text = ERR_reason_error_string(code) else { return "unknown error" }
    return String(cString: text)
  }

  // MARK: Versions and ciphers

  private func setVersions() {
    let oldest = configuration.oldestVersion == .tls13 ? TLS1_3_VERSION : TLS1_2_VERSION
    _ = apus_ctx_set_versions(handle, oldest, TLS1_3_VERSION)
  }

  private func setCiphers() throws(TransportError) {
    guard let list = configuration.ciphers else { return }
    let names = list.split(separator: ":")
    let newer = names.filter { $0.hasPrefix("TLS_") }.joined(separator: ":")
    let older = names.filter { !$0.hasPrefix("TLS_") }.joined(separator: ":")
    var isUsable = !names.isEmpty
    if !newer.isEmpty { isUsable = SSL_CTX_set_ciphersuites(handle, newer) == 1 }
    if !older.isEmpty, isUsable {
      isUsable =
        configuration.oldestVersion < .tls13 && SSL_CTX_set_cipher_list(handle, older) == 1
    }
    ERR_clear_error()
    if !isUsable { throw .tls(nil, .ciphers(list)) }
  }

  /// Certificates are no way in then: nobody is trusted.
  private func usePreSharedKey() {
    if configuration.ciphers == nil {
      SSL_CTX_set_cipher_list(handle, "kECDHEPSK:kDHEPSK:kPSK")
    }
    SSL_CTX_set_psk_client_callback(handle) { ssl, _, identity, identitySize, key, keySize in
      guard let shared = TLSContext.of(ssl)?.configuration.preSharedKey, let identity, let key,
        shared.identity.utf8.count < identitySize, shared.key.count <= keySize
      else { return 0 }
      var place = 0
      for byte in shared.identity.utf8 {
        identity[place] = CChar(bitPattern: byte)
        place += 1
      }
      identity[place] = 0
      for (index, byte) in shared.key.enumerated() { key[index] = byte }
      return UInt32(shared.key.count)
    }
  }

  // MARK: Whom to trust

  private func loadAuthorities() throws(TransportError) {
    if let file = configuration.authorityFile { try trust(file: file) }
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
    try Self.checkReadable(file, Self.authorityFile)
    if SSL_CTX_load_verify_file(handle, file) != 1 {
      throw Self.fault(Self.authorityFile, file, "has no certificate in PEM form")
    }
    ERR_clear_error()
  }

  private func loadRevocations(_ file: String) throws(TransportError) {
    try Self.checkReadable(file, Self.revocations)
    let store = SSL_CTX_get_cert_store(handle)
    guard let lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file()),
      X509_load_crl_file(lookup, file, X509_FILETYPE_PEM) > 0
    else { throw Self.fault(Self.revocations, file, "has no revocation list in PEM form") }
    ERR_clear_error()
    X509_STORE_set_flags(store, UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL))
  }

  // MARK: Who we are

  private final class Passphrase {
    let ask: () throws(TransportError) -> [UInt8]
    var failure: TransportError?
    var wasAsked = false
    init(_ ask: @escaping () throws(TransportError) -> [UInt8]) { self.ask = ask }
  }

  private func loadIdentity(
    _ certificate: String, _ key: String,
    _ passphrase: @escaping () throws(TransportError) -> [UInt8]
  ) throws(TransportError) {
    try Self.checkReadable(certificate, "client certificate")
    try Self.checkReadable(key, Self.privateKey)
    if SSL_CTX_use_certificate_chain_file(handle, certificate) != 1 {
      throw Self.fault("client certificate", certificate, "has no usable certificate in PEM form")
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

  // MARK: Files

  private static let authorityFile = "CA file"
  private static let authorityDirectory = "CA directory"
  private static let revocations = "revocation lists"
  private static let privateKey = "private key"

  private static func fault(_ kind: String, _ path: String, _ reason: String) -> TransportError {
    ERR_clear_error()
    return .tls(nil, .file(kind: kind, path: path, reason: reason))
  }

  private static func fault(_ kind: String, _ path: String, _ errno: CInt) -> TransportError {
    fault(kind, path, TransportError.text(errno))
  }

  private static func checkReadable(_ path: String, _ kind: String) throws(TransportError) {
    var status = stat()
    if stat(path, &status) != 0 || access(path, R_OK) != 0 { throw fault(kind, path, errno) }
    if status.st_mode & S_IFMT == S_IFDIR { throw fault(kind, path, EISDIR) }
  }

  // MARK: The key log

  private static func openKeyLog(
    _ file: TLSConfiguration.KeyLogFile?
  ) throws(TransportError) -> CInt {
    guard let file else { return -1 }
    let descriptor = open(file.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o600)
    if descriptor < 0, !file.isOptional { throw fault("key log", file.path, errno) }
    return descriptor
  }

  private func writeKeyLog() {
    SSL_CTX_set_keylog_callback(handle) { ssl, line in
      guard let context = TLSContext.of(ssl), let line else { return }
      let text = UnsafeRawBufferPointer(start: line, count: strlen(line)) + [UInt8(ascii: "\n")]
      // One write a line: several programs may share the file.
      _ = text.withUnsafeBytes { write(context.keyLog, $0.baseAddress, $0.count) }
    }
  }
}
