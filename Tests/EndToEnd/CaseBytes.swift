/// How case files write bytes:
///
///     20 03 0000        hexadecimal digits, two for a byte
///     "text"            the text's bytes
///     'text'            the same behind its length in two bytes: a string of MQTT
///     { … }             what is in it, behind its length as a variable byte integer
///     1000*( … )        repeated
struct CaseBytes {
  private var rest: Substring
  private(set) var bytes: [UInt8] = []

  struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  static func parse(_ text: some StringProtocol) throws -> [UInt8] {
    var parser = CaseBytes(rest: Substring(text))
    try parser.readAll(until: nil)
    return parser.bytes
  }

  private mutating func readAll(until end: Character?) throws {
    while let next = rest.first {
      if next == end {
        rest.removeFirst()
        return
      }
      try read(next)
    }
    if let end { throw Fault(description: "'\(end)' is missing") }
  }

  private mutating func read(_ next: Character) throws {
    switch next {
    case " ": rest.removeFirst()
    case "\"": bytes += try quoted()
    case "'":
      let text = try quoted()
      bytes += [UInt8(text.count >> 8), UInt8(text.count & 0xff)] + text
    case "{":
      rest.removeFirst()
      let inner = try nested(until: "}")
      bytes += Self.length(inner.count) + inner
    default:
      if let star = rest.prefix(12).firstIndex(of: "*"), let count = Int(rest[..<star]) {
        rest = rest[star...].dropFirst()
        guard rest.first == "(" else { throw Fault(description: "no '(' behind '*'") }
        rest.removeFirst()
        let inner = try nested(until: ")")
        for _ in 0..<count { bytes += inner }
      } else {
        guard let byte = UInt8(rest.prefix(2), radix: 16) else {
          throw Fault(description: "'\(rest.prefix(8))' is no byte")
        }
        bytes.append(byte)
        rest.removeFirst(2)
      }
    }
  }

  private mutating func nested(until end: Character) throws -> [UInt8] {
    var parser = CaseBytes(rest: rest)
    try parser.readAll(until: end)
    rest = parser.rest
    return parser.bytes
  }

  private mutating func quoted() throws -> [UInt8] {
    let quote = rest.removeFirst()
    guard let end = rest.firstIndex(of: quote) else {
      throw Fault(description: "\(quote) is not closed")
    }
    defer { rest = rest[end...].dropFirst() }
    return Array(rest[..<end].utf8)
  }

  private static func length(_ count: Int) -> [UInt8] {
    count < 128 ? [UInt8(count)] : [UInt8(count & 0x7f) | 0x80] + length(count >> 7)
  }
}
