// What was said about TLS, and what follows from it.

import Transport

extension Settings {
  struct TLS: Sendable {
    /// By an option, or the scheme of a URL.
    var isAsked = false
    var isForbidden = false
    var isDemandedByURL = false
    var configuration = TLSConfiguration()
    /// SSLKEYLOGFILE counts.
    var heedsEnvironment = true
    var keyPassphrase: SecretSource?
    /// Said by `--keyform`; nil: the key's name tells.
    var keyIsInEngine: Bool?
    var engine: String?
    /// Either may come first on the command line.
    var preSharedKey: [UInt8]?
    /// Where it is instead.
    var preSharedKeySource: SecretSource?
    var pskIdentity: String?

    var usesPreSharedKey: Bool { preSharedKey != nil || preSharedKeySource != nil }
  }
}

extension Settings.Connection {
  /// The port that is TLS's own needs no further word.
  var usesTLS: Bool {
    if tls.isForbidden { return false }
    return tls.isAsked
      || unixPath == nil
        && (port == Self.securePort || servers.contains { $0.port == Self.securePort })
  }

  static let port: UInt16 = 1883
  static let securePort: UInt16 = 8883

  /// With what the environment adds.
  var tlsConfiguration: TLSConfiguration {
    var configuration = tls.configuration
    if let key = tls.preSharedKey, let identity = tls.pskIdentity {
      configuration.preSharedKey = .init(identity: identity, key: key)
    }
    configuration.keyEngine = tls.engineOfKey
    if tls.heedsEnvironment, configuration.keyLog == nil,
      let path = EnvironmentVariable.text("SSLKEYLOGFILE")
    {
      configuration.keyLog = .init(path: path, isOptional: true)
    }
    return configuration
  }

  /// What a person must know, however it came about.
  var tlsWarnings: [String] {
    guard usesTLS else { return [] }
    var warnings: [String] = []
    if !tls.configuration.isVerified, tls.configuration.pins.isEmpty {
      warnings.append("--insecure: the server's certificate is not checked; it may be anybody's")
    }
    if let log = tlsConfiguration.keyLog {
      warnings.append(
        "\(log.isOptional ? "SSLKEYLOGFILE" : "--tls-keylog"): who reads \(log.path) can read this "
          + "connection")
    }
    return warnings
  }

  /// Reads the files that TLS needs.
  ///
  /// - Parameters:
  ///   - files: keep what can be read only once.
  ///   - passphrase: keeps the answer for the next time.
  ///   - deadline: of the whole run.
  func tlsContext(
    _ files: TLSFiles, _ passphrase: RememberedSecret, until deadline: Duration?,
    stop: StopSignals?
  ) throws(TransportError) -> TLSContext? {
    guard usesTLS else { return nil }
    let tls = tls
    let patience = Duration.seconds(connectTimeout)
    return try TLSContext(tlsConfiguration, files) { () throws(TransportError) in
      try passphrase.value { () throws(TransportError) in
        try tls.readPassphrase(within: patience, until: deadline, stop: stop)
      }
    }
  }
}

extension Settings.TLS {
  /// Nil where the key is in a file.
  var engineOfKey: String? {
    let isInEngine =
      keyIsInEngine ?? (configuration.keyFile?.hasPrefix("pkcs11:") == true)
    return isInEngine ? engine ?? "pkcs11" : nil
  }

  /// - Parameters:
  ///   - patience: for what is no person.
  ///   - deadline: of the whole run.
  fileprivate func readPassphrase(
    within patience: Duration, until deadline: Duration?, stop: StopSignals?
  ) throws(TransportError) -> [UInt8] {
    if let secret = keyPassphrase {
      let own = MonotonicClock.now() + patience
      return try secret.read(until: deadline.map { min($0, own) } ?? own, stop: stop)
    }
    let path = configuration.keyFile ?? configuration.certificateFile ?? ""
    let isToken = engineOfKey != nil
    let answer = try TerminalPrompt.secret(
      "\(isToken ? "PIN" : "Passphrase") for \(path): ", until: deadline, stop: stop)
    if let answer { return answer }
    let options = "--key-pass-file, --key-pass-env, --key-pass-fd or --key-pass-cmd"
    throw .tls(
      nil,
      .file(
        kind: "private key", path: path,
        reason: isToken
          ? "needs its PIN; \(options) tells it"
          : "is encrypted; \(options) tells its passphrase"))
  }
}
