// The environment's say about proxies, as curl understands it.

import Glibc
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
      if let value = getenv(name), value.pointee != 0 { return (name, String(cString: value)) }
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

/// NO_PROXY's list.
struct ProxyExceptions {
  private let entries: [Substring]

  init(_ list: String) {
    entries = list.split { $0 == "," || $0 == " " || $0 == "\t" }
  }

  func contains(_ host: String) -> Bool {
    if entries == ["*"] { return true }
    let literal = host.prefix { $0 != "%" }
    if let address = Self.bytes(ofAddress: literal) {
      return entries.contains { Self.isIn($0, address) }
    }
    let name = Self.name(host[...])
    return entries.contains { entry in
      let entry = Self.name(entry.drop { $0 == "." })
      return !entry.isEmpty && (name == entry || name.hasSuffix("." + entry))
    }
  }

  /// In lower case, without the root's dot.
  private static func name(_ text: Substring) -> String {
    (text.hasSuffix(".") ? text.dropLast() : text).lowercased()
  }

  /// - Parameter network: an address, with brackets perhaps, and perhaps a slash and a number of bits.
  private static func isIn(_ network: Substring, _ address: [UInt8]) -> Bool {
    let parts = network.split(separator: "/", maxSplits: 1)
    guard let text = parts.first,
      let base = bytes(ofAddress: text.drop { $0 == "[" }.prefix { $0 != "]" }),
      base.count == address.count,
      let bits = parts.count == 2 ? Int(parts[1]) : base.count * 8,
      (0...base.count * 8).contains(bits)
    else { return false }
    for bit in 0..<bits {
      let mask: UInt8 = 0x80 >> UInt8(bit % 8)
      let difference: UInt8 = base[bit / 8] ^ address[bit / 8]
      if difference & mask != 0 { return false }
    }
    return true
  }

  /// - Returns: nil when it is no literal address.
  private static func bytes(ofAddress text: Substring) -> [UInt8]? {
    for (family, size) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: size)
      if inet_pton(family, String(text), &bytes) == 1 { return bytes }
    }
    return nil
  }
}
