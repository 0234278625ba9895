import OptionTable

extension Rule {
  /// Options of encryption, and what they say about each other.
  static var tls: [Rule] {
    [
      .value("--cafile", missing: "no file specified") { $1.tls.cafile = $0 },
      .value("--capath", missing: "no directory specified") { $1.tls.capath = $0 },
      .value("--cert", missing: "no file specified") { $1.tls.cert = $0 },
      .value("--key", missing: "no file specified") { $1.tls.key = $0 },
      .value("--keyform", missing: "no keyform specified") { $1.tls.keyform = $0 },
      .value("--tls-engine", missing: "no engine_id specified") { $1.tls.engine = $0 },
      .value("--tls-engine-kpass-sha1", missing: "no kpass sha1 specified") {
        $1.tls.engineKeyPassword = $0
      },
      .value("--psk", missing: "no key specified") { $1.tls.psk = $0 },
      .value("--psk-identity", missing: "no identity specified") { $1.tls.pskIdentity = $0 },
    ]
  }
}

extension Wishes.TLS {
  func check() throws(Complaint) {
    if (cert == nil) != (key == nil) {
      throw Complaint(
        "Both certfile and keyfile must be provided if one of them is set.", spaced: false)
    }
    if keyform != nil, key == nil {
      throw Complaint("If keyform is set, keyfile must be also specified.", spaced: false)
    }
    if engineKeyPassword != nil, engine == nil || keyform == nil {
      throw Complaint(
        "when using tls-engine-kpass-sha1, both tls-engine and keyform must also be provided.",
        spaced: false)
    }
    if cafile != nil || capath != nil, psk != nil {
      throw Complaint(
        "Only one of --psk or --cafile/--capath may be used at once.", spaced: false)
    }
    if psk != nil, pskIdentity == nil {
      throw Complaint("--psk-identity required if --psk used.", spaced: false)
    }
  }
}
