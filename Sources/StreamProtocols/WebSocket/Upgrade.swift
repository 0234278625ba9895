// From HTTP to WebSocket: what the client asks, and whether the server's answer will do.  RFC 6455 §4.

package struct Upgrade: Sendable {
  /// `Host`, unless a field says otherwise.
  private let host: String
  private let path: String
  private let fields: [[UInt8]]
  private let protocols: [String]
  private let key: [UInt8]

  /// - Parameters:
  ///   - path: of the resource, with its query, as it stands in the request.
  ///   - fields: whole lines, `Name: value`, without anything that HTTP does not allow there.
  ///   - protocols: one of them the server must choose.
  ///   - nonce: 16 random bytes.
  package init(
    host: String, path: String, fields: [[UInt8]], protocols: [String], nonce: [UInt8]
  ) {
    self.host = host
    self.path = path
    self.fields = fields
    self.protocols = protocols
    key = Base64.text(nonce)
  }

  package var request: [UInt8] {
    let hasHost = fields.contains { HTTPText.lowercased($0.prefix(5)) == Array("host:".utf8) }
    var lines = [Array("GET \(path) HTTP/1.1".utf8)]
    if !hasHost { lines.append(Array("Host: \(host)".utf8)) }
    lines += [
      Array("Upgrade: websocket".utf8), Array("Connection: Upgrade".utf8),
      Array("Sec-WebSocket-Key: ".utf8) + key, Array("Sec-WebSocket-Version: 13".utf8),
      Array("Sec-WebSocket-Protocol: \(protocols.joined(separator: ", "))".utf8),
    ]
    return (lines + fields).flatMap { $0 + [0x0d, 0x0a] } + [0x0d, 0x0a]
  }

  /// - Throws: when what follows `answer` is no WebSocket for MQTT.
  package func check(_ answer: HTTPHead) throws(UpgradeFault) {
    guard answer.status == 101 else {
      throw .status(
        answer.status, reason: answer.reason,
        location: answer.values("location").first.map(VisibleText.of))
    }
    guard answer.minorVersion >= 1, answer.values("upgrade").count == 1,
      HTTPText.words(answer.values("upgrade")) == [Array("websocket".utf8)],
      HTTPText.words(answer.values("connection")).contains(Array("upgrade".utf8))
    else { throw .notUpgraded }
    if answer.values("sec-websocket-accept") != [Self.accept(key)] { throw .wrongAccept }
    let chosen = answer.values("sec-websocket-protocol")
    guard let name = chosen.first else { throw .noProtocol }
    // RabbitMQ chooses nothing and gives back all that it was offered.
    let acceptable = protocols + [protocols.joined(separator: ", ")]
    guard chosen.count == 1, acceptable.contains(where: { $0.utf8.elementsEqual(name) }) else {
      throw .otherProtocol(VisibleText.of(name))
    }
    if let extensions = answer.values("sec-websocket-extensions").first, !extensions.isEmpty {
      throw .extensions(VisibleText.of(extensions))
    }
  }

  /// What a server that has understood answers to `key`.
  package static func accept(_ key: [UInt8]) -> [UInt8] {
    Base64.text(SHA1.digest(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8))
  }
}

/// Why there is no WebSocket.
package enum UpgradeFault: Error, Hashable, Sendable {
  case http(HTTPFault)
  case status(Int, reason: String, location: String?)
  case notUpgraded
  case wrongAccept
  case noProtocol
  case otherProtocol(String)
  case extensions(String)
  case closed
}

extension UpgradeFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .http(.notHTTP): "the server does not speak WebSocket at this port"
    case .http(let fault): "the server \(fault)"
    case .status(let status, let reason, let location):
      "no WebSocket: the server answered \(status)\(reason.isEmpty ? "" : " \(reason)")"
        + Self.advice(status, location)
    case .notUpgraded: "the server says that it speaks WebSocket, but not in the form of RFC 6455"
    case .wrongAccept:
      "no WebSocket: the server's Sec-WebSocket-Accept does not answer our key; a cache or a proxy may "
        + "have answered in its place"
    case .noProtocol: "the server does not speak MQTT in its WebSocket; check --ws-path"
    case .otherProtocol(let name):
      "the server speaks '\(name)' in its WebSocket, not MQTT; check --ws-path"
    case .extensions(let names):
      "the server uses a WebSocket extension nobody asked for: '\(names)'"
    case .closed:
      "the server closed the connection in the WebSocket handshake; does it speak WebSocket at this port?"
    }
  }

  private static func advice(_ status: Int, _ location: String?) -> String {
    switch status {
    case 300...399:
      location.map { "; it points to \($0), which apus follows only when -L says so" } ?? ""
    case 401: "; it wants a login: --ws-header 'Authorization: …'"
    case 403: "; it may want an origin or a cookie: --ws-header 'Origin: …'"
    case 404, 200...299: "; --ws-path says where its WebSocket is"
    case 400: "; it may not know WebSocket at this path and port"
    case 407: "; a proxy in between wants a login"
    case 426: "; it wants another version of WebSocket than 13, or none"
    default: ""
    }
  }
}
