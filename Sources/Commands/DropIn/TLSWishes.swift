// What mosquitto makes of its options of encryption.

import Glibc
import OptionTable
import Transport

extension Wishes {
  /// Options that only mean something together.
  struct TLS {
    var cafile: Argument?
    var capath: Argument?
    var cert: Argument?
    var key: Argument?
    var keyform: Argument?
    var ciphers: Argument?
    var version: Argument?
    var alpn: Argument?
    var keylog: Argument?
    var engine: Argument?
    var engineKeyPassword: Argument?
    var psk: Argument?
    var pskIdentity: Argument?
    var isInsecure = false
    var usesSystem = false
    var isForbidden = false
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
    if usesAuthorities, psk != nil {
      throw Complaint(
        "Only one of --psk or --cafile/--capath may be used at once.", spaced: false)
    }
    if psk != nil, pskIdentity == nil {
      throw Complaint("--psk-identity required if --psk used.", spaced: false)
    }
  }

  private var usesAuthorities: Bool { cafile != nil || capath != nil }

  /// The port where none is named.
  var port: UInt16 {
    usesAuthorities || psk != nil
      ? Settings.Connection.securePort : Settings.Connection.port
  }

  /// - Parameter port: where the connection goes; TLS's own port turns TLS on.
  /// - Throws: what mosquitto's library does not take.
  func settings(port: UInt16) throws(Complaint) -> Settings.TLS {
    var tls = Settings.TLS()
    tls.isForbidden = isForbidden
    tls.heedsEnvironment = false
    let usesSystem =
      usesSystem || port == Settings.Connection.securePort && !usesAuthorities && psk == nil
    tls.isAsked = usesSystem || usesAuthorities || psk != nil
    tls.configuration.authorityFile = try readable(cafile)
    tls.configuration.authorityDirectory = capath?.text
    tls.configuration.trustsSystem = usesSystem
    tls.configuration.endsChainsAtNamed = false
    if usesAuthorities {
      // Without authorities they are ignored.
      tls.configuration.certificateFile = try readable(cert)
      tls.configuration.keyFile = try readable(key)
    }
    tls.configuration.checksHost = !isInsecure
    tls.configuration.ciphers = ciphers?.text
    tls.configuration.applicationProtocol = alpn?.bytes
    tls.configuration.keyLog = keylog?.text.map { .init(path: $0, isOptional: false) }
    tls.preSharedKey = try key(psk)
    tls.pskIdentity = pskIdentity?.text
    switch version {
    case nil, "tlsv1.2": tls.configuration.oldestVersion = .tls12
    case "tlsv1.3": tls.configuration.oldestVersion = .tls13
    default:
      throw Complaint(
        verbatim: "Error: Problem setting TLS options, check the options are valid.")
    }
    try chooseEngine(&tls)
    return tls
  }

  private func chooseEngine(_ tls: inout Settings.TLS) throws(Complaint) {
    if let engine, !(engine.text.map(TLSContext.hasEngine) ?? false) {
      throw Complaint(
        verbatim: "Error: Problem setting TLS engine, is \(engine.shown) a valid engine?")
    }
    if let keyform, keyform != "pem", keyform != "engine" {
      throw Complaint(
        verbatim: "Error: Problem setting key form, it must be one of 'pem' or 'engine'.")
    }
    if let hash = engineKeyPassword?.bytes, [UInt8](hexadecimal: hash)?.count != 20 {
      throw Complaint(
        verbatim:
          "Error: Problem setting TLS engine key pass sha, is it a 40 character hex string?")
    }
    tls.keyIsInEngine = keyform == "engine"
    // Without an engine the connection fails, and with the hash too: pkcs11 takes none.
    if keyform == "engine" { tls.engine = engineKeyPassword == nil ? engine?.text ?? "" : "" }
  }

  private func readable(_ path: Argument?) throws(Complaint) -> String? {
    guard let path else { return nil }
    guard let text = path.text, access(text, R_OK) == 0 else {
      throw Complaint(verbatim: "Error: Problem setting TLS options: File not found.")
    }
    return text
  }

  private func key(_ digits: Argument?) throws(Complaint) -> [UInt8]? {
    guard let digits else { return nil }
    guard let key = [UInt8](hexadecimal: digits.bytes), !key.isEmpty else {
      throw Complaint(verbatim: "Error: Problem setting TLS-PSK options.")
    }
    return key
  }
}
