/// What a TLS connection is to be like.
package struct TLSConfiguration: Hashable, Sendable {
  /// PEM files and directories of certificates to trust; without any, the system's.
  package var authorityFile: String?
  package var authorityDirectory: String?
  /// The system's authorities count beside them.
  package var trustsSystem = false
  /// A certificate that is named is trusted even where another one signed it.
  package var endsChainsAtNamed = true
  /// Revocation lists, PEM.  With it, each certificate of a chain must have one.
  package var revocationFile: String?
  /// The server must send its authority's word that its certificate is good (OCSP).
  package var needsStatus = false
  /// False: whoever answers is believed.
  package var isVerified = true
  /// False: a certificate that a trusted authority has signed may be for any host.
  package var checksHost = true

  /// Keys that the server may have, as `sha256//` and base64 (of SubjectPublicKeyInfo); empty: any.
  package var pins: [String] = []

  /// PEM: our own certificate with its chain, and its key.  Without a key file it is in the first one,
  /// which may be PKCS#12 then.
  package var certificateFile: String?
  package var keyFile: String?
  /// OpenSSL's engine that has the key of this name (`keyFile` then); nil: it is a file.
  package var keyEngine: String?

  package var oldestVersion = Version.tls12
  /// As OpenSSL writes them, with `:` between.  Those that begin with `TLS_` are TLS 1.3's.
  package var ciphers: String?
  /// What to ask for by ALPN, 1 to 255 bytes.
  package var applicationProtocol: [UInt8]?
  /// Instead of certificates.
  package var preSharedKey: PreSharedKey?
  package var keyLog: KeyLogFile?

  package init() {}

  package enum Version: Comparable, Hashable, Sendable { case tls12, tls13 }

  package struct PreSharedKey: Hashable, Sendable {
    package var identity: String
    package var key: [UInt8]

    package init(identity: String, key: [UInt8]) {
      self.identity = identity
      self.key = key
    }
  }

  /// Where the connection's secrets go, for programs that show what was sent (NSS key log format).
  package struct KeyLogFile: Hashable, Sendable {
    package var path: String
    /// It is no fault when it cannot be written.
    package var isOptional: Bool

    package init(path: String, isOptional: Bool) {
      self.path = path
      self.isOptional = isOptional
    }
  }
}
