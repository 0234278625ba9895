import Glibc

/// NO_PROXY's list.
struct ProxyExceptions {
  private let entries: [Substring]

  init(_ list: String) {
    entries = list.split { $0 == "," || $0 == " " || $0 == "\t" }
  }

  func contains(_ host: String) -> Bool {
    if entries == ["*"] { return true }
    let literal = host.prefix { $0 != "%" }
    if let address = Self.bytes(ofAddress: literal) {
      return entries.contains { Self.isIn($0, address) }
    }
    let name = Self.name(host[...])
    return entries.contains { entry in
      let entry = Self.name(entry.drop { $0 == "." })
      return !entry.isEmpty && (name == entry || name.hasSuffix("." + entry))
    }
  }

  /// In lower case, without the root's dot.
  private static func name(_ text: Substring) -> String {
    (text.hasSuffix(".") ? text.dropLast() : text).lowercased()
  }

  /// - Parameter network: an address, with brackets perhaps, and perhaps a slash and a number of bits.
  private static func isIn(_ network: Substring, _ address: [UInt8]) -> Bool {
    let parts = network.split(separator: "/", maxSplits: 1)
    guard let text = parts.first,
      let base = bytes(ofAddress: text.drop { $0 == "[" }.prefix { $0 != "]" }),
      base.count == address.count,
      let bits = parts.count == 2 ? Int(parts[1]) : base.count * 8,
      (0...base.count * 8).contains(bits)
    else { return false }
    for bit in 0..<bits {
      let mask: UInt8 = 0x80 >> UInt8(bit % 8)
      let difference: UInt8 = base[bit / 8] ^ address[bit / 8]
      if difference & mask != 0 { return false }
    }
    return true
  }

  /// - Returns: nil when it is no literal address.
  private static func bytes(ofAddress text: Substring) -> [UInt8]? {
    for (family, size) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: size)
      if inet_pton(family, String(text), &bytes) == 1 { return bytes }
    }
    return nil
  }
}
