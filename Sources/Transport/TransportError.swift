import Glibc
import StreamProtocols

/// Why bytes do not travel.
package enum TransportError: Error, Hashable, Sendable {
  case lookup(host: String, reason: String)
  /// The name has no SRV record that helps.
  case noService(name: String, reason: String)
  case connect(Endpoint, errno: CInt)
  case timedOut(Endpoint, within: Duration)
  case bind(address: String, errno: CInt)
  case listen(address: String, errno: CInt)
  case noBindAddress(String, Endpoint)
  case invalidPath(String)
  case system(call: String, errno: CInt)
  /// The connection, which stood.
  case lost(errno: CInt)
  /// Reading or writing a file, named for people.
  case file(name: String, errno: CInt)
  case tooLarge(name: String, limit: Int)
  case emptyInput(name: String)
  /// The end of a file or pipe did not come in time.
  case inputTimedOut(name: String)
  case interrupted(signal: CInt)
  case secret(name: String, reason: String)
  /// A command that an option names.
  case command(option: String, CommandFault)
  /// Nil: before any connection.
  case tls(Endpoint?, TLSFault)
  case noHandshake(Endpoint, within: Duration)
  case upgrade(Endpoint, UpgradeFault)
  case frame(Endpoint, FrameFault)
  /// By the server's Close, whose code is not the usual one.
  case webSocketClosed(Endpoint, code: UInt16, reason: String)
  /// Nothing came in the handshake of this protocol.
  case noAnswer(Endpoint, String, within: Duration)
  case socks(Endpoint, SOCKS5Fault)
  case httpProxy(Endpoint, HTTPConnectFault)
  case closedByProxy(Endpoint)
  /// On the way to a proxy, or with it; who named the proxy.
  indirect case proxy(source: String, TransportError)
}

extension TransportError {
  /// A limit of time has passed before the connection stood.
  package var isLateness: Bool {
    switch self {
    case .timedOut, .noHandshake, .noAnswer, .command(_, .late), .inputTimedOut: true
    case .proxy(_, let error): error.isLateness
    default: false
    }
  }
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
    case .listen(let address, let errno): "cannot listen at \(address): \(Self.text(errno))"
    case .noBindAddress(let address, let endpoint):
      "\(address) is no address to reach \(endpoint) from"
    case .invalidPath(let path): "'\(path)' is no path of a Unix socket (1 to 107 bytes)"
    case .system(let call, let errno): "\(call): \(Self.text(errno))"
    case .lost(let errno): "connection lost: \(Self.text(errno))"
    case .file(let name, let errno): "\(name): \(Self.text(errno))"
    case .tooLarge(let name, let limit): "\(name): larger than \(limit) bytes"
    case .emptyInput(let name): "\(name) is empty; -n publishes an empty message"
    case .inputTimedOut(let name): "\(name): timed out before its end"
    case .interrupted: "interrupted"
    case .secret(let name, let reason): "\(name): \(reason)"
    case .command(let option, let fault): "\(option): the command \(fault)"
    case .tls(let endpoint, let fault): (endpoint.map { "\($0): " } ?? "") + "\(fault)"
    case .noHandshake(let endpoint, let limit):
      "\(endpoint): no TLS handshake within \(limit.shownSeconds) s; does it speak TLS at this port?"
    case .upgrade(let endpoint, let fault): "\(endpoint): \(fault)"
    case .frame(let endpoint, let fault): "\(endpoint): \(fault)"
    case .webSocketClosed(let endpoint, let code, let reason):
      "\(endpoint): the server closed the WebSocket: \(Self.meaning(ofClose: code)) (\(code))"
        + (reason.isEmpty ? "" : ": \(reason)")
    case .noAnswer(let endpoint, let name, let limit):
      "\(endpoint): no answer within \(limit.shownSeconds) s; does it speak \(name) at this port?"
    case .socks(let endpoint, let fault): "\(endpoint): the proxy \(fault)"
    case .httpProxy(let endpoint, let fault): "\(endpoint): the proxy \(fault)"
    case .closedByProxy(let endpoint): "\(endpoint): the proxy closed the connection"
    case .proxy(let source, .tls(_, .notTLS)):
      "\(source): the proxy does not speak TLS at this port; http:// in place of https:// goes without"
    case .proxy(let source, let error): "\(source): \(error)"
    }
  }

  /// RFC 6455 §7.4.1 and IANA's list.
  private static func meaning(ofClose code: UInt16) -> String {
    switch code {
    case 1001: "it is going away"
    case 1002: "protocol error"
    case 1003: "it does not accept this kind of data"
    case 1007: "invalid data"
    case 1008: "policy violation"
    case 1009: "a message is too big for it"
    case 1011: "internal error"
    case 1012: "it restarts"
    case 1013: "try again later"
    case 1014: "bad gateway"
    default: "code"
    }
  }

  static func text(_ errno: CInt) -> String {
    let text = String(cString: strerror(errno))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
