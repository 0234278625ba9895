import OptionTable

extension Rule {
  /// Options of encryption.
  static var tls: [Rule] {
    [
      .value("--cafile", missing: "no file specified") { $1.tls.cafile = $0 },
      .value("--capath", missing: "no directory specified") { $1.tls.capath = $0 },
      .value("--cert", missing: "no file specified") { $1.tls.cert = $0 },
      .value("--key", missing: "no file specified") { $1.tls.key = $0 },
      .value("--keyform", missing: "no keyform specified") { $1.tls.keyform = $0 },
      .value("--ciphers", missing: "no ciphers specified") { $1.tls.ciphers = $0 },
      .value("--tls-version", missing: "no version specified") { $1.tls.version = $0 },
      .value("--tls-alpn", missing: "no protocol specified") { $1.tls.alpn = $0 },
      .value("--tls-keylog", missing: "no file specified") { $1.tls.keylog = $0 },
      .value("--tls-engine", missing: "no engine_id specified") { $1.tls.engine = $0 },
      .value("--tls-engine-kpass-sha1", missing: "no kpass sha1 specified") {
        $1.tls.engineKeyPassword = $0
      },
      .value("--psk", missing: "no key specified") { $1.tls.psk = $0 },
      .value("--psk-identity", missing: "no identity specified") { $1.tls.pskIdentity = $0 },
      .flag("--insecure") { $1.tls.isInsecure = true },
      .flag("--tls-use-os-certs") { $1.tls.usesSystem = true },
      .flag("--no-tls") { $1.tls.isForbidden = true },
    ]
  }
}
