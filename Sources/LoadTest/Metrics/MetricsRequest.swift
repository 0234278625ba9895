/// A request as it arrives, and what it is answered.
struct MetricsRequest {
  private var bytes: [UInt8] = []

  static let limit = 8 << 10

  mutating func receive(_ more: some Sequence<UInt8>) { bytes += more }

  /// - Returns: nil while the request is not whole.
  func answer(_ metrics: () -> String) -> String? {
    let blank: [UInt8] = [0x0d, 0x0a, 0x0d, 0x0a]
    guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: blank) }) else {
      return bytes.count > Self.limit
        ? Self.answer("431 Request Header Fields Too Large", "The request is too long.\n") : nil
    }
    let head = bytes[..<end]
    let line = head.prefix { $0 != 0x0d }
    let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else {
      return Self.answer("400 Bad Request", "This is no HTTP/1.1 request.\n")
    }
    guard words[0] == "GET" else {
      return Self.answer("405 Method Not Allowed", "Only GET is answered.\n", "Allow: GET\r\n")
    }
    guard words[1].prefix(while: { $0 != "?" }) == "/metrics" else {
      return Self.answer("404 Not Found", "The metrics are at /metrics.\n")
    }
    return Self.answer("200 OK", metrics(), type: "text/plain; version=0.0.4; charset=utf-8")
  }

  private static func answer(
    _ status: String, _ text: String, _ fields: String = "",
    type: String = "text/plain; charset=utf-8"
  ) -> String {
    "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(text.utf8.count)\r\n\(fields)"
      + "Connection: close\r\n\r\n\(text)"
  }
}
