/// Somebody who connects in our place.
package struct ProxyServer: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// The broker's name becomes an address here, or at the proxy.
    case socks5(resolvesHere: Bool)
    /// HTTP CONNECT, over TLS or not.
    case http(usesTLS: Bool)
  }

  package var kind: Kind
  package var host: String
  package var port: UInt16
  package var userName: [UInt8]?
  package var password: [UInt8]?
  /// What named it, for messages: `--proxy`, `ALL_PROXY`.
  package var source: String

  package init(
    _ kind: Kind, host: String, port: UInt16, userName: [UInt8]?, password: [UInt8]?,
    source: String
  ) {
    self.kind = kind
    self.host = host
    self.port = port
    self.userName = userName
    self.password = password
    self.source = source
  }

  package var usesTLS: Bool { kind == .http(usesTLS: true) }

  var endpoint: Endpoint { .tcp(host: host, port: port) }
}
