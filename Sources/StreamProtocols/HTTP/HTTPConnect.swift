// The way through a web proxy: CONNECT, RFC 9110 §9.3.6.

package struct HTTPConnect: Sendable {
  /// The proxy's way of calling the broker, `host:port`.
  private let authority: String
  private let login: Login?

  /// Basic (RFC 7617): the user has no colon.
  package struct Login: Hashable, Sendable {
    var user: [UInt8]
    var password: [UInt8]

    package init(user: [UInt8], password: [UInt8]) {
      self.user = user
      self.password = password
    }
  }

  package init(to authority: String, login: Login?) {
    self.authority = authority
    self.login = login
  }

  package var request: [UInt8] {
    var text = Array("CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n".utf8)
    if let login {
      let credentials = Base64.text(login.user + [UInt8(ascii: ":")] + login.password)
      text += Array("Proxy-Authorization: Basic ".utf8) + credentials + [0x0d, 0x0a]
    }
    return text + [0x0d, 0x0a]
  }

  package func check(_ answer: HTTPHead) throws(HTTPConnectFault) {
    if answer.status / 100 == 2 { return }
    // tinyproxy says 401 for a wrong login.
    if answer.status == 407 || answer.status == 401 {
      throw login == nil ? .wantsLogin(answer.status) : .wrongLogin(answer.status)
    }
    throw .refused(answer.status, reason: answer.reason)
  }
}

/// Why a web proxy opens no way.
package enum HTTPConnectFault: Error, Hashable, Sendable {
  case http(HTTPFault)
  case wantsLogin(Int)
  case wrongLogin(Int)
  case refused(Int, reason: String)
}

extension HTTPConnectFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .http(.notHTTP): "is no HTTP proxy"
    case .http(let fault): "\(fault)"
    case .wantsLogin(let status): "wants a login (\(status)): http://USER:PASSWORD@HOST"
    case .wrongLogin(let status): "does not accept user and password (\(status))"
    case .refused(let status, let reason):
      "does not connect to the broker: \(status)\(reason.isEmpty ? "" : " \(reason)")"
        + Self.advice(status)
    }
  }

  private static func advice(_ status: Int) -> String {
    switch status {
    case 403: "; it may allow this port to nobody"
    case 400, 405, 501: "; it may not know CONNECT"
    default: ""
    }
  }
}
