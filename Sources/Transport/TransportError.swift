import Glibc

/// Why bytes do not travel.
package enum TransportError: Error, Hashable, Sendable {
  case lookup(host: String, reason: String)
  /// The name has no SRV record that helps.
  case noService(name: String, reason: String)
  case connect(Endpoint, errno: CInt)
  case timedOut(Endpoint, within: Duration)
  case bind(address: String, errno: CInt)
  case noBindAddress(String, Endpoint)
  case invalidPath(String)
  case system(call: String, errno: CInt)
  /// Reading or writing a file, named for people.
  case file(name: String, errno: CInt)
  case tooLarge(name: String, limit: Int)
  case emptyInput(name: String)
  /// The end of a file or pipe did not come in time.
  case inputTimedOut(name: String)
  case interrupted(signal: CInt)
  case secret(name: String, reason: String)
  /// Nil: before any connection.
  case tls(Endpoint?, TLSFault)
  case noHandshake(Endpoint, within: Duration)
}

extension TransportError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .lookup(let host, let reason): "\(host): \(reason)"
    case .noService(let name, let reason): "\(name): \(reason)"
    case .connect(let endpoint, let errno): "\(endpoint): \(Self.text(errno))"
    case .timedOut(let endpoint, let limit):
      "\(endpoint): no connection within \(limit.shownSeconds) s"
    case .bind(let address, let errno): "cannot connect from \(address): \(Self.text(errno))"
    case .noBindAddress(let address, let endpoint):
      "\(address) is no address to reach \(endpoint) from"
    case .invalidPath(let path): "'\(path)' is no path of a Unix socket (1 to 107 bytes)"
    case .system(let call, let errno): "\(call): \(Self.text(errno))"
    case .file(let name, let errno): "\(name): \(Self.text(errno))"
    case .tooLarge(let name, let limit): "\(name): larger than \(limit) bytes"
    case .emptyInput(let name): "\(name) is empty; -n publishes an empty message"
    case .inputTimedOut(let name): "\(name): timed out before its end"
    case .interrupted: "interrupted"
    case .secret(let name, let reason): "\(name): \(reason)"
    case .tls(let endpoint, let fault): (endpoint.map { "\($0): " } ?? "") + "\(fault)"
    case .noHandshake(let endpoint, let limit):
      "\(endpoint): no TLS handshake within \(limit.shownSeconds) s; does it speak TLS at this port?"
    }
  }

  static func text(_ errno: CInt) -> String {
    let text = String(cString: strerror(errno))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
