// What was said about WebSocket and proxies, and what follows from it.

import OptionTable
import Transport

extension Settings {
  package struct WebSocket: Sendable {
    /// By an option, or the scheme of a URL.
    package var isAsked = false
    package var path = "/mqtt"
    /// Lines of the HTTP request, `Name: value`.
    package var fields: [[UInt8]] = []
  }

  package enum ProxyChoice: Sendable {
    case byEnvironment, none
    case through(ProxyServer)
    /// NO_PROXY's list says which servers need none.
    case unlessExcepted(ProxyServer, exceptions: String)
  }
}

extension Settings.Connection {
  /// Nil without WebSocket.
  var webSocketConfiguration: WebSocketConfiguration? {
    guard webSocket.isAsked else { return nil }
    return WebSocketConfiguration(
      path: webSocket.path, fields: webSocket.fields,
      protocols: version == .v31 ? ["mqttv3.1", "mqtt"] : ["mqtt"])
  }

  /// The broker as HTTP's `Host` names it: a port that goes without saying is left out.
  var hostField: String {
    guard case .tcp(let host, let port) = endpoint else { return "localhost" }
    let name = host.prefix { $0 != "%" }
    let authority = name.contains(":") ? "[\(name)]" : "\(name)"
    return port == (usesTLS ? 443 : 80) ? authority : "\(authority):\(port)"
  }

  var proxyServer: ProxyServer? {
    switch proxy {
    case .byEnvironment, .none: nil
    case .through(let proxy): proxy
    case .unlessExcepted(let proxy, let exceptions):
      ProxyExceptions(exceptions).contains(host) ? nil : proxy
    }
  }

  /// For a proxy that is talked to over TLS: the broker's settings are not its.
  func proxyTLSContext(_ files: TLSFiles) throws(TransportError) -> TLSContext? {
    guard let proxyServer, proxyServer.usesTLS else { return nil }
    var configuration = TLSConfiguration()
    configuration.authorityFile = proxyAuthorityFile
    do throws(TransportError) {
      return try TLSContext(configuration, files) { [] }
    } catch {
      throw .proxy(source: proxyServer.source, error)
    }
  }

  /// - Throws: when options about the way to the broker do not fit together.
  func checkRoute() throws(OptionError) {
    if usesServiceRecords, webSocket.isAsked {
      throw OptionError("-S finds brokers without WebSocket: it does not go with --ws")
    }
    guard let proxyServer else { return }
    if unixPath != nil { throw OptionError("--proxy does not go with --unix") }
    if usesServiceRecords {
      throw OptionError(
        "-S asks name servers itself: it does not go with \(proxyServer.source); --no-proxy goes without"
      )
    }
  }
}
