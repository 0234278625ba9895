// What may stand in WebSocket's HTTP request.

import OptionTable
import StreamProtocols

extension Argument {
  /// - Throws: for bytes that would end the request's first line or be another server's to read.
  func webSocketPath() throws(OptionError) -> String {
    guard bytes.first == UInt8(ascii: "/") else {
      throw OptionError("a WebSocket's path begins with '/'")
    }
    guard bytes.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "#") }) else {
      throw OptionError(
        "a WebSocket's path has visible ASCII characters without '#'; others are written as %XX")
    }
    return try string()
  }

  /// `Name: value` as a line.
  ///
  /// - Throws: naming the field, never its value.
  func httpField() throws(OptionError) -> [UInt8] {
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0,
      bytes[..<colon].allSatisfy(HTTPText.isTokenByte)
    else { throw OptionError("a field is written 'NAME: VALUE'") }
    let name = String(decoding: bytes[..<colon], as: UTF8.self)
    let value = bytes[(colon + 1)...]
    if value.contains(where: { $0 < 0x20 && $0 != 9 || $0 == 0x7f }) {
      throw OptionError("the value of '\(name)' has control characters")
    }
    let lower = name.lowercased()
    if lower.hasPrefix("sec-") || Self.own.contains(lower) {
      throw OptionError("'\(name)' is for apus to set")
    }
    return Array(name.utf8) + ": ".utf8 + value.drop { $0 == 0x20 || $0 == 9 }
  }

  private static let own = ["connection", "upgrade", "content-length", "transfer-encoding", "te"]
}
