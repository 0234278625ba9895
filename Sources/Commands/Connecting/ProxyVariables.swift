// The environment's say about proxies, as curl understands it.

import OptionTable
import Transport

extension Settings.Connection {
  /// Chooses the proxy that the environment names, unless an option has chosen.
  ///
  /// - Throws: when the variable that counts holds no proxy.
  mutating func heedProxyVariables() throws(OptionError) {
    guard case .byEnvironment = proxy, unixPath == nil else { return }
    guard let (name, value) = Self.firstVariable(proxyVariables) else { return }
    let exceptions = Self.firstVariable(["no_proxy", "NO_PROXY"])?.value ?? ""
    if servers.allSatisfy({ ProxyExceptions(exceptions).contains($0.host) }) { return }
    do throws(OptionError) {
      let server = try Argument(stringLiteral: value).proxy(source: name)
      proxy = .unlessExcepted(server, exceptions: exceptions)
    } catch {
      throw OptionError("\(name): \(error.text)")
    }
  }

  /// Those that may hold it, the first one first.  HTTP_PROXY is not among them: a web server would let
  /// a stranger set it.
  private var proxyVariables: [String] {
    let all = ["all_proxy", "ALL_PROXY"]
    if !webSocket.isAsked { return all }
    return (usesTLS ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]) + all
  }

  /// The first that is not empty.
  private static func firstVariable(_ names: [String]) -> (name: String, value: String)? {
    for name in names {
      if let value = EnvironmentVariable.text(name) { return (name, value) }
    }
    return nil
  }
}

enum ProxyVariables {
  /// For the manual.
  static let table = [
    Definition(
      "https_proxy, HTTPS_PROXY", "A proxy for WebSocket over TLS: a URL as --proxy takes it."),
    Definition("http_proxy", "A proxy for WebSocket without TLS."),
    Definition(
      "all_proxy, ALL_PROXY", "A proxy for everything that those above do not name one for."),
    Definition(
      "no_proxy, NO_PROXY",
      "Brokers that these variables are not for, with commas between: host names, which stand for their "
        + "subdomains too, addresses, networks (10.0.0.0/8), or * for all."),
  ]
}
