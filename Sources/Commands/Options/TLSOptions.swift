import MQTTProtocol
import OptionTable
import Transport

extension Option {
  /// Encryption, and who is at the other end.
  static var tlsOptions: [Option] {
    [
      Option(
        long: "cafile", value: .file("FILE"), group: .tls, commands: .all,
        summary: "Trust the certificate authorities in FILE (PEM), and no others.",
        details: "As every option of this group but {no-tls} it turns TLS on; the default port is "
          + "8883 then."
      ) { (word, settings) throws(OptionError) in
        settings.connection.tls.configuration.authorityFile = try word.path()
        settings.connection.tls.isAsked = true
      },
      Option(
        long: "capath", value: .directory("DIR"), group: .tls, commands: .all,
        summary: "Trust the authorities in DIR, whose names 'openssl rehash' has made."
      ) { (word, settings) throws(OptionError) in
        settings.connection.tls.configuration.authorityDirectory = try word.path()
        settings.connection.tls.isAsked = true
      },
      Option(
        long: "tls-use-os-certs", also: ["tls"], group: .tls, commands: .all,
        summary: "Trust the system's authorities: the default without {cafile} and {capath}.",
        details: "SSL_CERT_FILE and SSL_CERT_DIR in the environment name others in their place."
      ) { settings in
        settings.connection.tls.configuration.trustsSystem = true
        settings.connection.tls.isAsked = true
      },
      Option(
        long: "cert", value: .file("FILE"), group: .tls, commands: .all,
        summary: "Our own certificate, with its chain (PEM, or PKCS#12 with its key)."
      ) { (word, settings) throws(OptionError) in
        settings.connection.tls.configuration.certificateFile = try word.path()
        settings.connection.tls.isAsked = true
      },
      Option(
        long: "key", value: .file("FILE"), group: .tls, commands: .all,
        secret: .pin,
        summary: "The key of {cert}: a file (PEM), or pkcs11:… for one that stays in a token.",
        details:
          "The passphrase of an encrypted one, and a token's PIN, is asked for at the terminal, "
          + "unless {key-pass-file} or one of its like tells it.  pkcs11:token=NAME;object=NAME (RFC 7512) "
          + "needs OpenSSL's engine pkcs11 (in Debian libengine-pkcs11-openssl) and an apus that is linked "
          + "dynamically; PKCS11_MODULE_PATH names the token's library.  A pipe, as of <(pass show key), is "
          + "read once and kept for later connections, as any file for TLS that is none; "
          + "{connect-timeout} ends the wait for its end."
      ) { (word, settings) throws(OptionError) in
        settings.connection.tls.configuration.keyFile = try word.path()
        settings.connection.tls.isAsked = true
      },
      Option(
        long: "keyform", value: .oneOf("FORM", ["pem", "engine"]), group: .tls, commands: .all,
        summary: "With engine: {key} is the name by which {tls-engine} knows the key.",
        details: "For pkcs11:… that goes without saying."
      ) { (word, settings) throws(OptionError) in
        switch word.text {
        case "pem": settings.connection.tls.keyIsInEngine = false
        case "engine": settings.connection.tls.keyIsInEngine = true
        default: throw OptionError("'\(word.shown)' is not pem or engine")
        }
        settings.connection.tls.isAsked = true
      },
      Option(
        long: "tls-engine", value: .text("NAME"), group: .tls, commands: .all,
        summary: "The OpenSSL engine that has {key} (default pkcs11)."
      ) { (word, settings) throws(OptionError) in
        settings.connection.tls.engine = try word.path()
        settings.connection.tls.isAsked = true
      },
      Option(
        long: "tls-version", value: .oneOf("VERSION", ["tlsv1.2", "tlsv1.3"]), group: .tls,
        commands: .all, summary: "Oldest version of TLS to accept (default tlsv1.2)."
      ) { (word, settings) throws(OptionError) in
        switch word.text {
        case "tlsv1.2": settings.connection.tls.configuration.oldestVersion = .tls12
        case "tlsv1.3": settings.connection.tls.configuration.oldestVersion = .tls13
        default: throw OptionError("'\(word.shown)' is not tlsv1.2 or tlsv1.3")
        }
        settings.connection.tls.isAsked = true
      },
      Option(
        long: "ciphers", value: .text("LIST"), group: .tls, commands: .all,
        summary: "Ciphers to offer, as OpenSSL names them, with ':' between.",
        details: "Names that begin with TLS_ are those of TLS 1.3."
      ) { (word, settings) throws(OptionError) in
        settings.connection.tls.configuration.ciphers = try word.path()
        settings.connection.tls.isAsked = true
      },
      Option(
        long: "tls-alpn", value: .text("PROTOCOL"), group: .tls, commands: .all,
        summary: "Name the protocol in the handshake (ALPN), such as mqtt."
      ) { (word, settings) throws(OptionError) in
        guard (1...255).contains(word.bytes.count) else {
          throw OptionError("a protocol's name has 1 to 255 bytes")
        }
        settings.connection.tls.configuration.applicationProtocol = word.bytes
        settings.connection.tls.isAsked = true
      },
      Option(
        long: "crl", value: .file("FILE"), group: .tls, commands: .all,
        summary: "Refuse what the revocation lists in FILE name (PEM).",
        details: "Every authority of the server's chain must have a list in it."
      ) { (word, settings) throws(OptionError) in
        settings.connection.tls.configuration.revocationFile = try word.path()
        settings.connection.tls.isAsked = true
      },
      Option(
        long: "ocsp", value: .oneOf("WHEN", ["require"]), group: .tls, commands: .all,
        summary: "With require: refuse a server that sends no proof that it is not revoked.",
        details: "A proof that is sent (a stapled OCSP response) is checked in any case."
      ) { (word, settings) throws(OptionError) in
        if word.text != "require" { throw OptionError("'\(word.shown)' is not require") }
        settings.connection.tls.configuration.needsStatus = true
        settings.connection.tls.isAsked = true
      },
      Option(
        long: "pin", value: .text("sha256//BASE64"), group: .tls, commands: .all, repeats: true,
        summary: "Refuse a server whose public key has another hash; repeatable.",
        details: "It is checked beside the certificate, and with {insecure} in its place."
      ) { (word, settings) throws(OptionError) in
        settings.connection.tls.configuration.pins.append(try pin(word))
        settings.connection.tls.isAsked = true
      },
      Option(
        long: "insecure", group: .tls, commands: .all,
        summary: "Do not check the server's certificate: anybody may be at the other end."
      ) { settings in
        settings.connection.tls.configuration.isVerified = false
        settings.connection.tls.isAsked = true
      },
      Option(
        long: "psk", value: .text("HEX"), group: .tls, commands: .all, secret: .wholeUnlessPrompt,
        summary: "Use a pre-shared key instead of certificates; - asks at the terminal.",
        details: "Needs {psk-identity}."
      ) { (word, settings) throws(OptionError) in
        settings.connection.tls.preSharedKey = word.isPrompt ? nil : try word.preSharedKey()
        settings.connection.tls.preSharedKeySource =
          word.isPrompt
          ? .prompt(question: "Pre-shared key (hexadecimal): ", option: "--psk") : nil
        settings.connection.tls.isAsked = true
      },
      Option(
        long: "psk-identity", value: .text("NAME"), group: .tls, commands: .all,
        summary: "The name by which the server knows {psk}."
      ) { (word, settings) throws(OptionError) in
        let name = try word.path()
        // OpenSSL's own limit; the identity goes without the NUL.
        if name.utf8.count > 128 { throw OptionError("an identity has at most 128 bytes") }
        settings.connection.tls.pskIdentity = name
        settings.connection.tls.isAsked = true
      },
      Option(
        long: "tls-keylog", value: .file("FILE"), group: .tls, commands: .all,
        summary: "Append the connection's secrets to FILE, for Wireshark and the like.",
        details: "Without it, SSLKEYLOGFILE in the environment names such a file."
      ) { (word, settings) throws(OptionError) in
        settings.connection.tls.configuration.keyLog = .init(
          path: try word.path(), isOptional: false)
        settings.connection.tls.isAsked = true
      },
      Option(
        long: "no-tls", group: .tls, commands: .all,
        summary: "Connect without TLS whatever the other options say."
      ) { settings in settings.connection.tls.isForbidden = true },
    ] + keyOptions
  }

  private static var keyOptions: [Option] {
    let passphrase = secretOptions(
      .tls,
      file: (
        "key-pass-file",
        "Read the passphrase of {key} from FILE, which others must not be able to read."
      ),
      environment: (
        "key-pass-env", "Take the passphrase of {key} from the environment variable NAME."
      ),
      descriptor: (
        "key-pass-fd", "Read the passphrase of {key} from the open descriptor N, up to its end."
      ),
      command: ("key-pass-cmd", "Take the passphrase of {key} from what COMMAND prints.")
    ) {
      source, settings in
      settings.connection.tls.keyPassphrase = source
      settings.connection.tls.isAsked = true
    }
    let shared = secretOptions(
      .tls,
      file: (
        "psk-file",
        "Read the key of {psk} (hexadecimal) from FILE, which others must not be able to read."
      ),
      environment: (
        "psk-env", "Take the key of {psk} (hexadecimal) from the environment variable NAME."
      ),
      descriptor: (
        "psk-fd", "Read the key of {psk} (hexadecimal) from the open descriptor N, up to its end."
      ),
      command: ("psk-cmd", "Take the key of {psk} (hexadecimal) from what COMMAND prints.")
    ) { source, settings in
      settings.connection.tls.preSharedKey = nil
      settings.connection.tls.preSharedKeySource = source
      settings.connection.tls.isAsked = true
    }
    return passphrase + shared
  }

  private static func pin(_ word: Argument) throws(OptionError) -> String {
    let text = try word.string()
    let digits = text.utf8.dropFirst("sha256//".utf8.count)
    guard text.hasPrefix("sha256//"), digits.count == 44, digits.last == UInt8(ascii: "="),
      digits.dropLast().allSatisfy(isBase64)
    else { throw OptionError("'\(word.shown)' is not sha256// and 44 letters of base64") }
    return text
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}

extension Argument {
  /// - Throws: without the word, which is a secret.
  func preSharedKey() throws(OptionError) -> [UInt8] {
    guard let key = [UInt8](hexadecimal: bytes), (1...512).contains(key.count) else {
      throw OptionError("a key is 1 to 512 bytes as pairs of hexadecimal digits")
    }
    return key
  }
}

extension Secret {
  /// What follows `?` in the name of a token's key: the PIN may stand there.
  fileprivate static let pin = Secret { words in
    words.map { word in
      guard word.bytes.starts(with: "pkcs11:".utf8),
        let mark = word.bytes.firstIndex(of: UInt8(ascii: "?"))
      else { return word }
      return Argument(bytes: word.bytes[...mark] + mask.bytes)
    }
  }
}
