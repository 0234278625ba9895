import Testing

@testable import StreamProtocols

@Suite("WebSocket's handshake, RFC 6455 §4") struct UpgradeTests {
  private static let upgrade = Upgrade(
    host: "example.org:8080", path: "/mqtt?x=1", fields: [Array("Origin: http://a".utf8)],
    protocols: ["mqtt"], nonce: Array("the sample nonce".utf8))

  @Test(
    "SHA-1 and Base64 as published",
    arguments: [
      ("abc", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0="),
      ("", "2jmj7l5rSw0yVb/vlWAYkK/YBwk="),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "hJg+RBw70m66rkqh+VEp5eVGcPE="
      ),
      (String(repeating: "a", count: 1000), "KR6abGaZSUm1e6XmUDYemPw2sbo="),
    ]) func digest(_ text: String, _ digest: String)
  {
    #expect(Base64.text(SHA1.digest(Array(text.utf8))) == Array(digest.utf8))
  }

  @Test("the RFC's example") func example() {
    #expect(
      Upgrade.accept(Array("dGhlIHNhbXBsZSBub25jZQ==".utf8))
        == Array("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".utf8))
  }

  @Test("the request") func request() {
    let text = String(decoding: Self.upgrade.request, as: UTF8.self)
    #expect(
      text.replacing("\r\n", with: "\n") == """
        GET /mqtt?x=1 HTTP/1.1
        Host: example.org:8080
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Protocol: mqtt
        Origin: http://a


        """)
    let other = Upgrade(
      host: "a", path: "/", fields: [Array("hOST: b".utf8)], protocols: ["mqttv3.1", "mqtt"],
      nonce: [])
    let lines = String(decoding: other.request, as: UTF8.self).split(separator: "\r\n")
    #expect(lines.filter { $0.lowercased().hasPrefix("host:") } == ["hOST: b"])
    #expect(lines.contains("Sec-WebSocket-Protocol: mqttv3.1, mqtt"))
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let answer: String
    let fault: UpgradeFault?
    var testDescription: String { name }
    init(_ name: String, _ answer: [String], _ fault: UpgradeFault?) {
      self.name = name
      self.answer = answer.joined(separator: "\r\n") + "\r\n\r\n"
      self.fault = fault
    }
  }

  private static let good = [
    "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "Sec-WebSocket-Protocol: mqtt",
  ]
  private static func changed(_ place: Int, _ line: String?) -> [String] {
    var lines = good
    if let line { lines[place] = line } else { lines.remove(at: place) }
    return lines
  }

  static let rows: [Row] = [
    Row("as it should be", good, nil),
    Row("another case, and blanks", changed(1, "uPGRADE: \t WebSocket "), nil),
    Row("several options of Connection", changed(2, "Connection: keep-alive, Upgrade"), nil),
    Row("no reason", changed(0, "HTTP/1.1 101"), nil),
    Row("an interim answer first", ["HTTP/1.1 103 Early Hints", "Link: x", ""] + good, nil),
    Row("HTTP/1.0", changed(0, "HTTP/1.0 101 x"), .notUpgraded),
    Row("no Upgrade", changed(1, nil), .notUpgraded),
    Row("Upgrade to h2c", changed(1, "Upgrade: h2c"), .notUpgraded),
    Row("no Connection", changed(2, nil), .notUpgraded),
    Row("Connection: close", changed(2, "Connection: close"), .notUpgraded),
    Row("no accept value", changed(3, nil), .wrongAccept),
    Row("another's accept value", changed(3, "Sec-WebSocket-Accept: AAAA"), .wrongAccept),
    Row("two accept values", good + [good[3]], .wrongAccept),
    Row(
      "accept value in another case",
      changed(
        3, good[3].uppercased().replacing("SEC-WEBSOCKET-ACCEPT", with: "Sec-WebSocket-Accept")),
      .wrongAccept),
    Row("no sub-protocol", changed(4, nil), .noProtocol),
    Row("another sub-protocol", changed(4, "Sec-WebSocket-Protocol: chat"), .otherProtocol("chat")),
    Row("two sub-protocols", good + [good[4]], .otherProtocol("mqtt")),
    Row(
      "an extension", good + ["Sec-WebSocket-Extensions: permessage-deflate"],
      .extensions("permessage-deflate")),
    Row("no page", ["HTTP/1.1 404 Not Found"], .status(404, reason: "Not Found", location: nil)),
    Row(
      "moved", ["HTTP/1.1 301 Moved", "Location: http://e\u{1b}[2J/"],
      .status(301, reason: "Moved", location: "http://e?[2J/")),
    Row("SSH", ["SSH-2.0-OpenSSH"], .http(.notHTTP)),
    Row("MQTT", [" \u{2}\0\0"], .http(.notHTTP)),
    Row("HTTP/2", ["HTTP/2 200"], .http(.notHTTP)),
    Row("a status of two digits", ["HTTP/1.1 20 x"], .http(.malformed)),
    Row("a status that is none", ["HTTP/1.1 abc x"], .http(.malformed)),
    Row("a field without a colon", good + ["Nonsense"], .http(.malformed)),
    Row("a blank before the colon", good + ["A : b"], .http(.malformed)),
    Row("a folded line", good + [" folded"], .http(.malformed)),
    Row("a bare line feed", good + ["A: b\nC: d"], .http(.malformed)),
    Row("a bare carriage return", good + ["A: b\rC: d"], .http(.malformed)),
    Row("NUL", good + ["A: \0"], .http(.malformed)),
    Row(
      "a field of 17 KiB", good + ["A: " + String(repeating: "x", count: 17 << 10)],
      .http(.tooLong)),
    Row("no end", ["HTTP/1.1 200 " + String(repeating: "x", count: 20 << 10)], .http(.tooLong)),
  ]

  @Test("answers", arguments: rows) func answers(_ row: Row) {
    for most in [1, 2, 3, 4] { #expect(Self.outcome(row.answer, atMost: most) == row.fault) }
  }

  /// Never reads beyond the blank line, however many bytes it takes at once.
  private static func outcome(
    _ answer: String, atMost most: Int, _ upgrade: Upgrade = upgrade
  ) -> UpgradeFault? {
    var head = HTTPHead()
    var rest = Array(answer.utf8)[...]
    do throws(HTTPFault) {
      while head.wanted > 0 {
        #expect(!rest.isEmpty, "wants more than there is")
        if rest.isEmpty { return .closed }
        let piece = rest.prefix(min(most, head.wanted))
        rest = rest.dropFirst(piece.count)
        try head.receive(piece)
      }
    } catch { return .http(error) }
    #expect(rest.isEmpty)
    do { try upgrade.check(head) } catch { return error }
    return nil
  }

  @Test("a server that gives back all that it was offered (RabbitMQ)") func allOffered() {
    let upgrade = Upgrade(
      host: "a", path: "/", fields: [], protocols: ["mqttv3.1", "mqtt"],
      nonce: Array("the sample nonce".utf8))
    let lines = Self.changed(4, "Sec-WebSocket-Protocol: mqttv3.1, mqtt")
    let answer = lines.joined(separator: "\r\n") + "\r\n\r\n"
    #expect(Self.outcome(answer, atMost: 100, upgrade) == nil)
    #expect(Self.outcome(answer, atMost: 100) == .otherProtocol("mqttv3.1, mqtt"))
  }

  @Test("every text is one line") func texts() {
    for fault in Self.rows.compactMap(\.fault) + [.closed] {
      #expect(!"\(fault)".isEmpty && !"\(fault)".contains { $0.isNewline })
    }
  }
}
