// What was said about WebSocket and proxies, and what follows from it.

import OptionTable
import Transport

extension Settings {
  struct WebSocket: Sendable {
    /// By an option, or the scheme of a URL.
    var isAsked = false
    var path = "/mqtt"
    /// Lines of the HTTP request, `Name: value`.
    var fields: [[UInt8]] = []
  }

  enum ProxyChoice: Sendable {
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

  /// The proxy on the way to the server whose settings these are.
  var proxyServer: ProxyServer? {
    if case .unlessExcepted(_, let exceptions) = proxy, ProxyExceptions(exceptions).contains(host) {
      return nil
    }
    return chosenProxy
  }

  /// Whichever servers it is for.
  private var chosenProxy: ProxyServer? {
    switch proxy {
    case .byEnvironment, .none: nil
    case .through(let proxy), .unlessExcepted(let proxy, exceptions: _): proxy
    }
  }

  /// For a proxy that is talked to over TLS: the broker's settings are not its.
  func proxyTLSContext(_ files: TLSFiles) throws(TransportError) -> TLSContext? {
    guard let proxy = chosenProxy, proxy.usesTLS else { return nil }
    var configuration = TLSConfiguration()
    configuration.authorityFile = proxyAuthorityFile
    do throws(TransportError) {
      return try TLSContext(configuration, files) { [] }
    } catch {
      throw .proxy(source: proxy.source, error)
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
