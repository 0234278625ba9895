// What a web server or proxy answers, up to the blank line.  RFC 9112.

/// Why an answer is no HTTP.
package enum HTTPFault: Error, Hashable, Sendable {
  /// It does not begin as HTTP/1 does.
  case notHTTP
  case malformed
  /// The head has more than `HTTPHead.limit` bytes.
  case tooLong
}

/// The head of a response, taken in as it arrives and never beyond its end, so that what follows it
/// stays with whom it is for.
package struct HTTPHead {
  package private(set) var status = 0
  package private(set) var reason = ""
  /// The server's HTTP/1 version: 0 or 1.
  private(set) var minorVersion = 0
  private var fields: [(name: [UInt8], value: [UInt8])] = []
  private var bytes: [UInt8] = []
  private var isWhole = false

  package static let limit = 16 << 10

  package init() {}

  /// How many bytes to read next, at most; 0 when the head is whole.
  package var wanted: Int {
    if isWhole { return 0 }
    let matched = (1...4).last { bytes.count >= $0 && bytes.suffix($0) == Self.end.prefix($0) }
    return matched == 4 ? 0 : 4 - (matched ?? 0)
  }

  private static let end = ArraySlice("\r\n\r\n".utf8)
  private static let start = Array("HTTP/1.".utf8)

  /// - Parameter more: at most `wanted` bytes.
  package mutating func receive(_ more: some Collection<UInt8>) throws(HTTPFault) {
    bytes += more
    let known = min(bytes.count, Self.start.count)
    if bytes[..<known] != Self.start[..<known] { throw .notHTTP }
    if wanted > 0 {
      if bytes.count >= Self.limit { throw .tooLong }
      return
    }
    try parse()
    bytes = []
    // An interim answer; the real one follows.
    if status / 100 == 1, status != 101 { self = HTTPHead() } else { isWhole = true }
  }

  /// The values of a field, whose name is given in lower case.
  func values(_ name: String) -> [[UInt8]] {
    fields.filter { $0.name.elementsEqual(name.utf8) }.map(\.value)
  }

  private mutating func parse() throws(HTTPFault) {
    var lines: [ArraySlice<UInt8>] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: 0x0d) {
      guard end + 1 < rest.endIndex, rest[end + 1] == 0x0a else { throw .malformed }
      lines.append(rest[..<end])
      rest = rest[(end + 2)...]
    }
    if lines.contains(where: { line in line.contains { $0 == 0x0a || $0 == 0 } }) {
      throw .malformed
    }
    try parse(statusLine: lines.removeFirst())
    for line in lines where !line.isEmpty { try parse(field: line) }
  }

  /// `HTTP/1.1 101 Switching Protocols`; some leave the reason out, and the blank before it.
  private mutating func parse(statusLine line: ArraySlice<UInt8>) throws(HTTPFault) {
    let words = line.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count >= 2, words[0].count == 8, words[1].count == 3,
      let minor = Int(String(decoding: words[0].suffix(1), as: UTF8.self)),
      let code = Int(String(decoding: words[1], as: UTF8.self)), (100...999).contains(code)
    else { throw .malformed }
    minorVersion = minor
    status = code
    reason = words.count > 2 ? VisibleText.of(words[2]) : ""
  }

  private mutating func parse(field line: ArraySlice<UInt8>) throws(HTTPFault) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
      line[..<colon].allSatisfy(HTTPText.isTokenByte)
    else { throw .malformed }
    fields.append((HTTPText.lowercased(line[..<colon]), HTTPText.trimmed(line[(colon + 1)...])))
  }
}

extension HTTPFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notHTTP: "does not speak HTTP"
    case .malformed: "sent a malformed HTTP answer"
    case .tooLong: "sent an HTTP answer with a head of more than \(HTTPHead.limit >> 10) KiB"
    }
  }
}
