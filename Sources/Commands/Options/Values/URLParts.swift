import OptionTable

/// A URL taken apart: `SCHEME://[USER[:PASSWORD]@]HOST[:PORT][/…]`.
struct URLParts: Hashable {
  /// In lower case.
  var scheme: String
  /// These are percent-decoded.
  var userName: [UInt8]?
  var password: [UInt8]?
  var host: String
  var port: UInt16?
  /// As it stands, with the slash in front; empty without one.
  var path: ArraySlice<UInt8>

  /// - Parameter schemes: for messages.
  /// - Throws: naming what is wrong, never the password.
  init(_ word: Argument, schemes: String) throws(OptionError) {
    // Bytes all the way: a mark of writing behind a slash makes another Character of it.
    let separator = Array("://".utf8)
    let bytes = word.bytes
    let place = bytes.indices.first { bytes[$0...].starts(with: separator) }
    // Before a stray '://' stands perhaps a password.
    guard let place, bytes[..<place].allSatisfy(Self.isSchemeByte) else {
      throw OptionError("a URL begins with \(schemes)")
    }
    scheme = String(decoding: bytes[..<place], as: UTF8.self).lowercased()
    var rest = bytes[(place + separator.count)...]
    let slash = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
    path = rest[slash...]
    rest = rest[..<slash]
    if let at = rest.lastIndex(of: UInt8(ascii: "@")) {
      let login = rest[..<at]
      rest = rest[(at + 1)...]
      let split = login.firstIndex(of: UInt8(ascii: ":"))
      userName = try Self.decoded(login[..<(split ?? login.endIndex)])
      password = try split.map { (at) throws(OptionError) in
        try Self.decoded(login[(at + 1)...])
      }
    }
    if rest.first == UInt8(ascii: "["), let end = rest.firstIndex(of: UInt8(ascii: "]")) {
      host = try Self.host(rest[(rest.startIndex + 1)..<end])
      rest = rest[(end + 1)...]
    } else {
      let end = rest.firstIndex(of: UInt8(ascii: ":")) ?? rest.endIndex
      host = try Self.host(rest[..<end])
      rest = rest[end...]
    }
    if rest.isEmpty { return }
    let digits = String(decoding: rest.dropFirst(), as: UTF8.self)
    guard rest.first == UInt8(ascii: ":"), let port = UInt16(digits), port > 0 else {
      throw OptionError("the URL's port is not a number from 1 to 65535")
    }
    self.port = port
  }

  private static func isSchemeByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  private static func host(_ bytes: ArraySlice<UInt8>) throws(OptionError) -> String {
    let word = Argument(bytes: try decoded(bytes))
    if word.bytes.isEmpty { throw OptionError("the URL names no host") }
    return try word.host()
  }

  static func decoded(_ text: ArraySlice<UInt8>) throws(OptionError) -> [UInt8] {
    var bytes: [UInt8] = []
    var input = text.makeIterator()
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
