import Glibc
import LoadTest
import TestSupport
import Testing
import Transport

@Suite("Metrics over HTTP") struct MetricsServerTests {
  private static func server() throws -> MetricsServer {
    MetricsServer(try Listener(host: "127.0.0.1", port: 0))
  }

  /// Sends, and gives the server its turns until it has closed.
  private static func ask(_ server: MetricsServer, _ request: [UInt8]) throws -> String {
    let socket = connecting(to: server.port, isBlocking: true)
    defer { close(socket) }
    // Piece by piece, so that the head is not there at once.
    for piece in [request.prefix(3), request.dropFirst(3)] {
      _ = piece.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
      server.turn(at: .zero) { "a 1\n" }
    }
    var answer: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    var hasEnded = false
    try eventually("the answer's end") {
      server.turn(at: .zero) { "a 1\n" }
      let count = recv(socket, &block, block.count, CInt(MSG_DONTWAIT))
      if count > 0 { answer += block[..<count] }
      hasEnded = count == 0
      return hasEnded
    }
    return String(decoding: answer, as: UTF8.self)
  }

  @Test func `GET /metrics has them`() throws {
    let answer = try Self.ask(
      try Self.server(), Array("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
    #expect(
      answer == "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
        + "Content-Length: 4\r\nConnection: close\r\n\r\na 1\n")
  }

  static let refused: [(String, String)] = [
    ("GET / HTTP/1.1\r\n\r\n", "404 Not Found"),
    ("GET /metricsx HTTP/1.1\r\n\r\n", "404 Not Found"),
    ("POST /metrics HTTP/1.1\r\n\r\n", "405 Method Not Allowed"),
    ("GET /metrics\r\n\r\n", "400 Bad Request"),
    ("GET /metrics HTTP/2.0\r\n\r\n", "400 Bad Request"),
    ("GET  /metrics HTTP/1.1\r\n\r\n", "400 Bad Request"),
    ("\u{16}\u{3}\u{1}\0\r\n\r\n", "400 Bad Request"),
    ("GET /metrics?name=x HTTP/1.0\r\n\r\n", "200 OK"),
    (String(repeating: "x", count: 9000), "431 Request Header Fields Too Large"),
  ]

  @Test(arguments: refused) func `anything else is refused`(_ request: String, _ status: String)
    throws
  {
    let answer = try Self.ask(try Self.server(), Array(request.utf8))
    #expect(answer.hasPrefix("HTTP/1.1 \(status)\r\n"), "\(answer)")
  }

  @Test func `who says nothing is sent away after five seconds, and others are served meanwhile`()
    throws
  {
    let server = try Self.server()
    let silent = connecting(to: server.port, isBlocking: true)
    defer { close(silent) }
    server.turn(at: .zero) { "" }
    let answer = try Self.ask(server, Array("GET /metrics HTTP/1.1\r\n\r\n".utf8))
    #expect(answer.hasSuffix("a 1\n"))
    server.turn(at: .seconds(5)) { "" }
    var byte: UInt8 = 0
    #expect(recv(silent, &byte, 1, CInt(MSG_DONTWAIT)) == -1)
    server.turn(at: .seconds(6)) { "" }
    try eventually("the end of the silent connection") {
      recv(silent, &byte, 1, CInt(MSG_DONTWAIT)) == 0
    }
  }

  @Test func `no more than eight are heard at once, the ninth waits`() throws {
    let server = try Self.server()
    let silent = (0..<8).map { _ in connecting(to: server.port, isBlocking: true) }
    defer { for socket in silent { close(socket) } }
    server.turn(at: .zero) { "" }
    let ninth = connecting(to: server.port, isBlocking: true)
    defer { close(ninth) }
    let request = Array("GET /metrics HTTP/1.1\r\n\r\n".utf8)
    send(ninth, request, request.count, CInt(MSG_NOSIGNAL))
    var byte: UInt8 = 0
    server.turn(at: .seconds(1)) { "" }
    #expect(recv(ninth, &byte, 1, CInt(MSG_DONTWAIT)) == -1)
    server.turn(at: .seconds(6)) { "" }
    try eventually("an answer to the ninth") {
      server.turn(at: .seconds(6)) { "" }
      return recv(ninth, &byte, 1, CInt(MSG_DONTWAIT)) == 1
    }
  }

  @Test func `a name is no address to listen at`() {
    let fault = #expect(throws: TransportError.self) {
      try Listener(host: "example.org", port: 9)
    }
    #expect(
      fault?.description == "example.org: an address to listen at is wanted, or localhost")
  }

  @Test func `a port in use is told`() throws {
    let listener = try Listener(host: "localhost", port: 0)
    let fault = #expect(throws: TransportError.self) {
      try Listener(host: "localhost", port: listener.port)
    }
    #expect(
      fault?.description == "cannot listen at localhost:\(listener.port): address already in use")
  }
}
