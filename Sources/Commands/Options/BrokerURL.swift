// `-L`: broker, login and topic in one word.

import MQTTProtocol
import OptionTable

/// A URL of the form `mqtt://[USER[:PASSWORD]@]HOST[:PORT][/TOPIC]`, percent-decoded.
struct BrokerURL: Hashable {
  var userName: [UInt8]?
  var password: [UInt8]?
  var host: String
  var port: UInt16?
  var topic: [UInt8]?

  /// - Throws: naming what is wrong, never the password.
  init(_ word: Argument) throws(OptionError) {
    guard let text = word.text, let colon = text.range(of: "://") else {
      throw OptionError("a URL begins with mqtt://")
    }
    let scheme = text[..<colon.lowerBound].lowercased()
    // Before a stray '://' stands perhaps a password.
    guard scheme.utf8.allSatisfy({ Self.isSchemeByte($0) }) else {
      throw OptionError("a URL begins with mqtt://")
    }
    guard scheme == "mqtt" else {
      throw OptionError("'\(scheme)' URLs are not supported, only mqtt://")
    }
    var rest = text[colon.upperBound...]
    if let slash = rest.firstIndex(of: "/") {
      let topic = try Self.decoded(rest[rest.index(after: slash)...])
      self.topic = topic.isEmpty ? nil : topic
      rest = rest[..<slash]
    }
    if let at = rest.lastIndex(of: "@") {
      let login = rest[..<at]
      rest = rest[rest.index(after: at)...]
      let split = login.firstIndex(of: ":")
      userName = try Self.decoded(login[..<(split ?? login.endIndex)])
      password = try split.map { (at) throws(OptionError) in
        try Self.decoded(login[login.index(after: at)...])
      }
    }
    if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
      host = try Self.host(rest[rest.index(after: rest.startIndex)..<end])
      rest = rest[rest.index(after: end)...]
    } else {
      let end = rest.firstIndex(of: ":") ?? rest.endIndex
      host = try Self.host(rest[..<end])
      rest = rest[end...]
    }
    if rest.isEmpty { return }
    guard rest.hasPrefix(":"), let port = UInt16(rest.dropFirst()), port > 0 else {
      throw OptionError("the URL's port is not a number from 1 to 65535")
    }
    self.port = port
  }

  func apply(to settings: inout Settings) throws(OptionError) {
    settings.connection.host = host
    settings.connection.port = port
    settings.connection.unixPath = nil
    if let userName {
      settings.connection.userName = try Argument(bytes: userName).mqttString()
    }
    if let password { settings.connection.password = try Argument(bytes: password).field() }
    if let topic {
      // The URL does not know which command it is for: only that one's fault counts.
      let word = Argument(bytes: topic)
      do throws(OptionError) { settings.publishing.topic = .success(try word.topicName()) } catch {
        settings.publishing.topic = .failure(OptionError("-L: \(error.text)"))
      }
      do throws(OptionError) { settings.subscribing.filters.append(try word.topicFilter()) } catch {
        settings.subscribing.urlFault = OptionError("-L: \(error.text)")
      }
    }
  }

  private static func isSchemeByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  private static func host(_ text: Substring) throws(OptionError) -> String {
    let word = Argument(bytes: try decoded(text))
    if word.bytes.isEmpty { throw OptionError("the URL names no host") }
    return try word.host()
  }

  private static func decoded(_ text: Substring) throws(OptionError) -> [UInt8] {
    var bytes: [UInt8] = []
    var input = text.utf8.makeIterator()
    while let byte = input.next() {
      if byte != UInt8(ascii: "%") {
        bytes.append(byte)
        continue
      }
      guard let high = input.next().flatMap(digit), let low = input.next().flatMap(digit) else {
        throw OptionError("'%' in a URL is followed by two hexadecimal digits")
      }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension String {
  /// The first place of `other`; the standard library has none without Foundation.
  fileprivate func range(of other: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(other) {
        return start..<index(start, offsetBy: other.count)
      }
      start = index(after: start)
    }
    return nil
  }
}
