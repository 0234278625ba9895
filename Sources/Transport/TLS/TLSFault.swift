/// Why there is no TLS connection, or no more.
package enum TLSFault: Hashable, Sendable {
  /// A file of ours: what it is for, its path, what is wrong.
  case file(kind: String, path: String, reason: String)
  /// OpenSSL takes none of the ciphers.
  case ciphers(String)
  /// Nothing to trust was found in these places.
  case noAuthorities(places: [String])
  case certificate(CertificateFault)
  /// The server's key is another than those allowed.
  case pin(String)
  case status(StapledStatus)
  /// The server's alert (RFC 8446 §6.2), before it sent any data.
  case refused(alert: UInt8, usesKey: Bool)
  /// A certificate in the place of the pre-shared key.
  case keyNotTaken
  /// What came was no TLS.
  case notTLS
  /// The end of the connection came in the middle of the handshake.
  case closedInHandshake
  /// No version or cipher is common to both.
  case nothingInCommon
  /// OpenSSL's own words.
  case other(String)
}

extension TLSFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .file(let kind, let path, let reason): "\(kind) \(path): \(reason)"
    case .ciphers(let list): "--ciphers: there is no usable cipher in '\(list)'"
    case .noAuthorities(let places):
      "no certificate authorities on this system (looked for \(places.joined(separator: ", "))); "
        + "install ca-certificates, or name a file of them with --cafile"
    case .certificate(let fault): "\(fault)"
    case .status(.revoked), .status(.good): "the server's certificate has been revoked (OCSP)"
    case .status(.missing):
      "the server sends no OCSP response, which --ocsp require demands"
    case .status(.unusable(let reason)):
      "the server's OCSP response is of no use: \(reason)"
    case .pin(let seen): "the server's key is \(seen), which --pin does not name"
    case .refused(let alert, let usesKey):
      "the server refused TLS: \(Self.name(alert)) (alert \(alert))"
        + (usesKey ? "; check --psk and --psk-identity" : Self.advice(alert))
    case .keyNotTaken:
      "the server does not take the pre-shared key, and sent a certificate instead: it does not know the "
        + "identity, or uses certificates only; check --psk-identity, or use --cafile in place of --psk"
    case .notTLS:
      "the server does not speak TLS at this port; another -p may, or --no-tls goes without"
    case .closedInHandshake:
      "the server closed the connection in the TLS handshake; does it speak TLS at this port?"
    case .nothingInCommon:
      "the server and apus have no TLS version or cipher in common; see --tls-version and --ciphers"
    case .other(let text): "TLS: \(text)"
    }
  }

  /// As RFC 8446 §6.2 and its forerunners name them.
  private static func name(_ alert: UInt8) -> String {
    switch alert {
    case 10: "unexpected message"
    case 20: "bad record MAC"
    case 22: "record overflow"
    case 40: "handshake failure"
    case 42: "bad certificate"
    case 43: "unsupported certificate"
    case 44: "certificate revoked"
    case 45: "certificate expired"
    case 46: "certificate unknown"
    case 47: "illegal parameter"
    case 48: "unknown certificate authority"
    case 49: "access denied"
    case 50: "decode error"
    case 51: "decrypt error"
    case 70: "protocol version"
    case 71: "insufficient security"
    case 80: "internal error"
    case 86: "inappropriate fallback"
    case 109: "missing extension"
    case 110: "unsupported extension"
    case 112: "unrecognized name"
    case 113: "bad certificate status response"
    case 115: "unknown PSK identity"
    case 116: "certificate required"
    case 120: "no application protocol"
    default: "no known reason"
    }
  }

  private static func advice(_ alert: UInt8) -> String {
    switch alert {
    case 40: "; it may want a client certificate (--cert), other --ciphers, or --psk"
    case 42...46, 48, 49: "; it does not accept the client certificate: check --cert and --key"
    case 70: "; see --tls-version"
    case 71: "; see --ciphers"
    case 112: "; it does not know the host name: check -h"
    case 116: "; it wants a client certificate: --cert and --key"
    case 120: "; see --tls-alpn"
    default: ""
    }
  }
}
