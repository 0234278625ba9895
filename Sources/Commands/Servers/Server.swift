// A broker by its name, as a list of several has them.

import OptionTable

/// `HOST`, `HOST:PORT`, `[ADDRESS]:PORT`, or an IPv6 address as it is.
struct Server: Hashable, Sendable {
  var host: String
  /// Nil for the one that holds for all.
  var port: UInt16?
  /// A broker sent us here (MQTT 5 §4.11); nobody typed it.
  var isReference = false

  init(_ host: String, port: UInt16? = nil) {
    self.host = host
    self.port = port
  }

  init(_ word: Argument) throws(OptionError) {
    var rest = word.bytes[...]
    var name = rest
    if rest.first == UInt8(ascii: "["), let end = rest.firstIndex(of: UInt8(ascii: "]")) {
      name = rest[(rest.startIndex + 1)..<end]
      rest = rest[(end + 1)...]
    } else if rest.count(where: { $0 == UInt8(ascii: ":") }) == 1 {
      name = rest.prefix { $0 != UInt8(ascii: ":") }
      rest = rest[name.endIndex...]
    } else {
      rest = []
    }
    host = try Argument(bytes: Array(name)).host()
    if rest.isEmpty { return }
    guard rest.first == UInt8(ascii: ":"),
      let port = UInt16(String(decoding: rest.dropFirst(), as: UTF8.self)), port > 0
    else {
      throw OptionError("'\(word.shown)': behind the host stands ':' and a port from 1 to 65535")
    }
    self.port = port
  }

  /// - Parameter word: servers with commas between.
  static func list(_ word: Argument) throws(OptionError) -> [Server] {
    var servers: [Server] = []
    for part in word.bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let server = try Server(Argument(bytes: Array(part)))
      if !servers.contains(server) { servers.append(server) }
    }
    return servers
  }

  /// The host as names are compared: without case and the root's dot.
  var comparedHost: String {
    (host.hasSuffix(".") ? String(host.dropLast()) : host).lowercased()
  }
}
