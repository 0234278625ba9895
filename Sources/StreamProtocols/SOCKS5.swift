// The way through a SOCKS proxy: RFC 1928, with the login of RFC 1929.

/// The client's half of the conversation.  Sends `output`, then reads as much as is `wanted`, until
/// nothing is.
package struct SOCKS5: Sendable {
  /// Where the proxy shall connect to.
  package enum Target: Hashable, Sendable {
    /// 1 to 255 bytes; the proxy finds the address.
    case name([UInt8])
    /// 4 bytes of IPv4, or 16 of IPv6.
    case address([UInt8])
  }

  package struct Login: Hashable, Sendable {
    var user: [UInt8]
    var password: [UInt8]

    /// - Returns: nil when the user has no byte, or one of both more than 255.
    package init?(user: [UInt8], password: [UInt8]) {
      guard (1...255).contains(user.count), password.count <= 255 else { return nil }
      self.user = user
      self.password = password
    }
  }

  /// What to send now.
  package private(set) var output: [UInt8]
  /// How many bytes to read next; 0 when the way is open.
  package private(set) var wanted = 2

  private let target: Target
  private let port: UInt16
  private let login: Login?
  private var stage = Stage.method
  private var input: [UInt8] = []

  private enum Stage { case method, login, answer, rest }

  package init(to target: Target, port: UInt16, login: Login?) {
    self.target = target
    self.port = port
    self.login = login
    output = login == nil ? [5, 1, 0] : [5, 2, 0, 2]
  }

  /// - Parameter more: at most `wanted` bytes.
  package mutating func receive(_ more: some Collection<UInt8>) throws(SOCKS5Fault) {
    input += more
    wanted -= more.count
    output = []
    // The first byte tells who is there, the second how it went.
    let version: UInt8 = stage == .login ? 1 : 5
    if let first = input.first, first != version { throw .notSOCKS5 }
    if stage == .answer, input.count >= 2, input[1] != 0 { throw .refused(input[1]) }
    if wanted > 0 { return }
    switch stage {
    case .method: try choose(input[1])
    case .login:
      if input[1] != 0 { throw .wrongLogin }
      ask()
    case .answer:
      // An address follows that is of no use to us; a name has its length in front.
      stage = .rest
      switch input[3] {
      case 1: wanted = 4 + 2 - 1
      case 3: wanted = Int(input[4]) + 2
      case 4: wanted = 16 + 2 - 1
      default: throw .notSOCKS5
      }
      return
    case .rest: break
    }
    input = []
  }

  private mutating func choose(_ method: UInt8) throws(SOCKS5Fault) {
    switch (method, login) {
    case (0, _): ask()
    case (2, let login?):
      stage = .login
      wanted = 2
      output =
        [1, UInt8(login.user.count)] + login.user + [UInt8(login.password.count)] + login.password
    case (0xff, nil): throw .wantsLogin
    case (0xff, _): throw .takesNoLogin
    default: throw .notSOCKS5
    }
  }

  private mutating func ask() {
    stage = .answer
    // As far as all answers go: the byte behind the kind of address belongs to it already.
    wanted = 5
    output = [5, 1, 0]
    switch target {
    case .name(let name): output += [3, UInt8(truncatingIfNeeded: name.count)] + name
    case .address(let bytes): output += [bytes.count == 4 ? 1 : 4] + bytes
    }
    output += [UInt8(port >> 8), UInt8(port & 0xff)]
  }
}

/// Why a SOCKS proxy opens no way.
package enum SOCKS5Fault: Error, Hashable, Sendable {
  case notSOCKS5
  case wantsLogin
  /// Neither a login nor going without one is good enough.
  case takesNoLogin
  case wrongLogin
  /// RFC 1928 §6.
  case refused(UInt8)
}

extension SOCKS5Fault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notSOCKS5: "is no SOCKS5 proxy"
    case .wantsLogin: "wants a login: socks5h://USER:PASSWORD@HOST"
    case .takesNoLogin: "takes neither user and password nor a connection without"
    case .wrongLogin: "does not accept user and password"
    case .refused(let code): "does not connect to the broker: \(Self.reason(code))"
    }
  }

  private static func reason(_ code: UInt8) -> String {
    switch code {
    case 1: "general failure"
    case 2: "its rules do not allow it"
    case 3: "network unreachable"
    case 4: "host unreachable"
    case 5: "connection refused"
    case 6: "no answer in time (TTL expired)"
    case 7: "it does not know the command CONNECT"
    case 8: "it does not know this kind of address"
    default: "unknown reason \(code)"
    }
  }
}
