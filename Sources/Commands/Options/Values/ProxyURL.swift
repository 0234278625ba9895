// `--proxy` and its like in the environment.

import OptionTable
import Transport

extension Argument {
  /// `socks5[h]://[USER[:PASSWORD]@]HOST[:PORT]`, the same with `http[s]://`, or without any scheme for
  /// http.
  ///
  /// - Parameter source: what holds the URL, for messages.
  /// - Throws: naming what is wrong, never the password.
  func proxy(source: String) throws(OptionError) -> ProxyServer {
    let schemes = "socks5://, socks5h://, http:// or https://"
    let hasScheme = bytes.indices.contains { bytes[$0...].starts(with: "://".utf8) }
    let url = hasScheme ? self : Argument(bytes: Array("http://".utf8) + bytes)
    let parts = try URLParts(url, schemes: schemes)
    let (kind, port): (ProxyServer.Kind, UInt16) =
      switch parts.scheme {
      case "socks5": (.socks5(resolvesHere: true), 1080)
      case "socks5h": (.socks5(resolvesHere: false), 1080)
      case "http": (.http(usesTLS: false), 80)
      case "https": (.http(usesTLS: true), 443)
      default: throw OptionError("'\(parts.scheme)' proxies are not supported, only \(schemes)")
      }
    if parts.path.count > 1 { throw OptionError("a proxy's URL ends behind host and port") }
    try Self.check(parts, kind)
    return ProxyServer(
      kind, host: parts.host, port: parts.port ?? port, userName: parts.userName,
      password: parts.password, source: source)
  }

  /// What the protocols have no way to say.
  private static func check(_ parts: URLParts, _ kind: ProxyServer.Kind) throws(OptionError) {
    guard let user = parts.userName else { return }
    if case .http = kind {
      if user.contains(UInt8(ascii: ":")) {
        throw OptionError("the user name for an HTTP proxy cannot have a ':'")
      }
    } else if !(1...255).contains(user.count) || parts.password?.count ?? 0 > 255 {
      throw OptionError(
        "the user name for a SOCKS proxy has 1 to 255 bytes, the password at most 255")
    }
  }
}
