import Testing

@testable import StreamProtocols

@Suite("SOCKS5, RFC 1928 and RFC 1929") struct SOCKS5Tests {
  private static let login = SOCKS5.Login(user: Array("u".utf8), password: Array("pw".utf8))

  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    var target = SOCKS5.Target.name(Array("broker".utf8))
    var hasLogin = false
    let answer: [UInt8]
    /// Everything that the client says.
    let says: [UInt8]
    var fault: SOCKS5Fault?
    var testDescription: String { name }
  }

  private static let name: [UInt8] = [5, 1, 0, 3, 6] + "broker".utf8 + [7, 0x5b]
  private static let secret: [UInt8] = [1, 1] + "u".utf8 + [2] + "pw".utf8

  static let rows: [Row] =
    [
      Row(name: "a name", answer: [5, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0], says: [5, 1, 0] + name),
      Row(
        name: "IPv4", target: .address([10, 0, 0, 1]),
        answer: [5, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0],
        says: [5, 1, 0, 5, 1, 0, 1, 10, 0, 0, 1, 7, 0x5b]),
      Row(
        name: "IPv6", target: .address([UInt8](repeating: 1, count: 16)),
        answer: [5, 0, 5, 0, 0, 4] + [UInt8](repeating: 0, count: 18),
        says: [5, 1, 0, 5, 1, 0, 4] + [UInt8](repeating: 1, count: 16) + [7, 0x5b]),
      Row(
        name: "an answer with a name", answer: [5, 0, 5, 0, 0, 3, 2, 0x61, 0x62, 0, 1],
        says: [5, 1, 0] + name),
      Row(
        name: "an answer with an empty name", answer: [5, 0, 5, 0, 0, 3, 0, 0, 1],
        says: [5, 1, 0] + name),
      Row(
        name: "a login", hasLogin: true, answer: [5, 2, 1, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0],
        says: [5, 2, 0, 2] + secret + name),
      Row(
        name: "a login that is not wanted", hasLogin: true,
        answer: [5, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0], says: [5, 2, 0, 2] + name),
      Row(
        name: "a wrong login", hasLogin: true, answer: [5, 2, 1, 1], says: [5, 2, 0, 2] + secret,
        fault: .wrongLogin),
      Row(name: "no way without a login", answer: [5, 0xff], says: [5, 1, 0], fault: .wantsLogin),
      Row(
        name: "no way with one", hasLogin: true, answer: [5, 0xff], says: [5, 2, 0, 2],
        fault: .takesNoLogin),
      Row(name: "a method nobody offered", answer: [5, 2], says: [5, 1, 0], fault: .notSOCKS5),
      Row(name: "GSSAPI", hasLogin: true, answer: [5, 1], says: [5, 2, 0, 2], fault: .notSOCKS5),
      Row(name: "SOCKS4", answer: [0, 0x5b], says: [5, 1, 0], fault: .notSOCKS5),
      Row(name: "HTTP", answer: Array("HT".utf8), says: [5, 1, 0], fault: .notSOCKS5),
      Row(
        name: "a login's answer of another version", hasLogin: true, answer: [5, 2, 5, 0],
        says: [5, 2, 0, 2] + secret, fault: .notSOCKS5),
      Row(
        name: "an unknown kind of address", answer: [5, 0, 5, 0, 0, 2, 0], says: [5, 1, 0] + name,
        fault: .notSOCKS5),
    ]
    + (1...9).map { code in
      Row(
        name: "refused with \(code)", answer: [5, 0, 5, UInt8(code)], says: [5, 1, 0] + name,
        fault: .refused(UInt8(code)))
    }

  @Test("conversations in pieces of every size", arguments: rows) func table(_ row: Row) {
    for most in [1, 2, 3, 100] {
      var socks = SOCKS5(to: row.target, port: 1883, login: row.hasLogin ? Self.login : nil)
      var said: [UInt8] = []
      var rest = row.answer[...]
      var fault: SOCKS5Fault?
      do throws(SOCKS5Fault) {
        while socks.wanted > 0 {
          said += socks.output
          #expect(!rest.isEmpty, "wants more than there is")
          if rest.isEmpty { break }
          let piece = rest.prefix(min(most, socks.wanted))
          rest = rest.dropFirst(piece.count)
          try socks.receive(piece)
        }
      } catch { fault = error }
      #expect(said == row.says)
      #expect(fault == row.fault)
      #expect(rest.isEmpty && socks.output.isEmpty || fault != nil)
    }
  }

  @Test("logins that RFC 1929 has no way to say") func logins() {
    let long = [UInt8](repeating: 0x61, count: 256)
    #expect(SOCKS5.Login(user: [], password: [1]) == nil)
    #expect(SOCKS5.Login(user: long, password: []) == nil)
    #expect(SOCKS5.Login(user: [1], password: long) == nil)
    #expect(SOCKS5.Login(user: [1], password: []) != nil)
  }
}

@Suite("HTTP CONNECT, RFC 9110 §9.3.6") struct HTTPConnectTests {
  private static let login = HTTPConnect.Login(
    user: Array("Aladdin".utf8), password: Array("open sesame".utf8))

  @Test("the request, with RFC 7617's example") func request() {
    let text = String(
      decoding: HTTPConnect(to: "[::1]:1883", login: Self.login).request, as: UTF8.self)
    #expect(
      text == "CONNECT [::1]:1883 HTTP/1.1\r\nHost: [::1]:1883\r\n"
        + "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n")
    #expect(
      HTTPConnect(to: "a:1", login: nil).request
        == Array("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n".utf8))
  }

  @Test(
    "answers",
    arguments: [
      ("HTTP/1.0 200 Connection established", false, nil),
      ("HTTP/1.1 204", false, nil),
      ("HTTP/1.1 407 Proxy Authentication Required", false, HTTPConnectFault.wantsLogin(407)),
      ("HTTP/1.1 407 Proxy Authentication Required", true, .wrongLogin(407)),
      ("HTTP/1.0 401 Unauthorized", true, .wrongLogin(401)),
      ("HTTP/1.1 403 Forbidden", false, .refused(403, reason: "Forbidden")),
      ("HTTP/1.1 502 \u{7}Bad", true, .refused(502, reason: "?Bad")),
      ("HTTP/1.1 302 Found", false, .refused(302, reason: "Found")),
    ]) func answers(_ line: String, _ hasLogin: Bool, _ fault: HTTPConnectFault?) throws
  {
    var head = HTTPHead()
    var rest = Array("\(line)\r\nContent-Length: 5\r\n\r\n".utf8)[...]
    while head.wanted > 0 {
      let piece = rest.prefix(head.wanted)
      rest = rest.dropFirst(piece.count)
      try head.receive(piece)
    }
    var found: HTTPConnectFault?
    do { try HTTPConnect(to: "a:1", login: hasLogin ? Self.login : nil).check(head) } catch {
      found = error
    }
    #expect(found == fault)
  }
}
