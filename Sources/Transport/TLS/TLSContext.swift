// What all TLS connections of a run share: authorities, certificate and key, versions, ciphers.

import COpenSSL
import CStartUp
import Glibc
import Synchronization

/// Files are read once: those of authorities in the first handshake, all others when it is made.  Owns one
/// SSL_CTX.
package final class TLSContext {
  package let configuration: TLSConfiguration
  let handle: OpaquePointer
  /// Of the key log; -1 without one.
  let keyLog: CInt
  /// Nil: every handshake is a whole one.
  package var sessions: TLSSessions?
  /// Is shown every stream once its handshake has ended, well or not.
  package var observer: ((TLSStream) -> Void)?

  let files: TLSFiles
  private let hasAuthorities = Mutex(false)

  /// - Parameter passphrase: is asked when the key is encrypted.
  /// - Throws: `.tls`, what `files` and what `passphrase` throws.
  package init(
    _ configuration: TLSConfiguration, _ files: TLSFiles = TLSFiles(stop: nil),
    passphrase: @escaping () throws(TransportError) -> [UInt8]
  ) throws(TransportError) {
    // The process ends without freeing what OpenSSL holds; a token's session, though, wants an end.
    if configuration.certificateFile == nil {
      OPENSSL_init_ssl(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
    }
    guard let handle = SSL_CTX_new(TLS_client_method()) else {
      throw .tls(nil, .other(Self.reason()))
    }
    self.configuration = configuration
    self.files = files
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
      try checkAuthorities()
      if let file = configuration.revocationFile { try loadRevocations(file) }
    }
    if let certificate = configuration.certificateFile {
      try loadIdentity(
        certificate, configuration.keyFile, engine: configuration.keyEngine, passphrase)
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
    apus_load_error_texts()
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

  // MARK: Files

  /// Before the server's certificate comes in.
  ///
  /// - Throws: `.tls`.
  func readAuthorities() throws(TransportError) {
    guard configuration.isVerified, configuration.preSharedKey == nil else { return }
    try hasAuthorities.withLock { (isDone) throws(TransportError) in
      if isDone { return }
      try loadAuthorities()
      isDone = true
    }
  }

  static func fault(_ kind: String, _ path: String, _ reason: String) -> TransportError {
    ERR_clear_error()
    return .tls(nil, .file(kind: kind, path: path, reason: reason))
  }

  static func fault(_ kind: String, _ path: String, _ errno: CInt) -> TransportError {
    fault(kind, path, TransportError.text(errno))
  }

  // MARK: The key log

  private static func openKeyLog(
    _ file: TLSConfiguration.KeyLogFile?
  ) throws(TransportError) -> CInt {
    guard let file else { return -1 }
    // A named pipe would keep us until somebody reads it.
    let descriptor = open(
      file.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0o600)
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
