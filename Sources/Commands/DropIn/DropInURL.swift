import MQTTProtocol
import OptionTable

extension Wishes {
  /// `-L` as mosquitto reads it: nothing is decoded, and the first `/`, `@` and `:` separate.
  mutating func take(url word: Argument) throws(Complaint) {
    let schemes: [(name: String, port: Int32)] = [
      ("mqtt://", 1883), ("mqtts://", 8883), ("ws://", 1883), ("wss://", 8883),
    ]
    let lowercase = word.bytes.map {
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0
    }
    guard let scheme = schemes.first(where: { lowercase.starts(with: $0.name.utf8) }) else {
      throw Complaint("Unsupported URL scheme.")
    }
    port = scheme.port
    if port == 8883 { tls.usesSystem = true }
    if scheme.name.hasPrefix("w") { settings.connection.webSocket.isAsked = true }
    var rest = word.bytes[scheme.name.utf8.count...]
    guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else {
      throw Complaint("Invalid URL for -L argument specified - topic missing.", spaced: false)
    }
    try take(topic: Argument(bytes: Array(rest[(slash + 1)...])))
    rest = rest[..<slash]
    if let at = rest.firstIndex(of: UInt8(ascii: "@")) {
      let login = rest[..<at].split(
        separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
      userName = login.first.map { Argument(bytes: Array($0)) }
      password = login.count > 1 ? Argument(bytes: Array(login[1])) : nil
      rest = rest[(at + 1)...]
    }
    if let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
      let digits = Argument(bytes: Array(rest[(colon + 1)...]))
      port = digits.atoi
      rest = rest[..<colon]
    }
    host = String(decoding: rest, as: UTF8.self)
  }

  private mutating func take(topic word: Argument) throws(Complaint) {
    if tool == .sub {
      settings.subscribing.filters.append(try word.dropInFilter("-t", "subscription"))
    } else {
      try setTopic(word)
    }
  }
}
