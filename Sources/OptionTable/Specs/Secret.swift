/// What of an option's values nobody should see: `apus config` masks it, and a file that holds it has to
/// be closed to other users.
package struct Secret: Sendable {
  private let masked: @Sendable ([Argument]) -> [Argument]

  /// - Parameter masked: returns the values fit to be shown, and the same ones when nothing is secret.
  package init(_ masked: @escaping @Sendable ([Argument]) -> [Argument]) {
    self.masked = masked
  }

  package static let mask: Argument = "****"

  /// Every value: a password, a key.
  package static let whole = Secret { $0.map { _ in mask } }

  /// The password in a URL, `mqtt://user:****@host`, and the query of a WebSocket one.
  package static let login = Secret { $0.map(maskedURL) }

  package func mask(_ values: [Argument]) -> [Argument] { masked(values) }

  func isIn(_ values: [Argument]) -> Bool { masked(values) != values }

  private static func maskedURL(_ url: Argument) -> Argument {
    let bytes = url.bytes
    let separator = Array("://".utf8)
    let start = bytes.indices.first { bytes[$0...].starts(with: separator) }.map { $0 + 3 } ?? 0
    // WebSocket's servers take tokens in the query, which in others is part of a topic.
    let hasQuery = bytes.first.map { $0 | 0x20 } == UInt8(ascii: "w")
    let tail = hasQuery ? bytes.firstIndex(of: UInt8(ascii: "?")) : nil
    let end = tail.map { $0 + 1 } ?? bytes.count
    let query = tail == nil ? [] : mask.bytes
    let authority = bytes[start..<max(start, end)].prefix { $0 != UInt8(ascii: "/") }
    guard let at = authority.lastIndex(of: UInt8(ascii: "@")),
      let colon = authority[..<at].firstIndex(of: UInt8(ascii: ":"))
    else { return Argument(bytes: bytes[..<end] + query) }
    return Argument(bytes: bytes[...colon] + mask.bytes + bytes[at..<end] + query)
  }
}
