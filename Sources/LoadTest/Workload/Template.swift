// Texts that are different for each client or message.

/// A client identifier, topic or payload with places to fill in:
///
/// - `%c` the client's number, `%i` the message's, both from 0; `%%` a percent sign
/// - `{{rand}}` a number below 2^31, `{{rand A B}}` a number from A to B
/// - `{{hex N}}` N hexadecimal digits by chance
/// - `{{time}}` milliseconds since 1970
package struct Template: Hashable, Sendable {
  enum Part: Hashable, Sendable {
    case bytes([UInt8])
    case client
    case message
    case random(ClosedRange<Int64>)
    case digits(Int)
    case time
  }

  private(set) var parts: [Part] = []

  /// - Throws: what is wrong, and at which byte.
  package init(_ text: [UInt8]) throws(WorkloadFault) {
    var literal: [UInt8] = []
    var at = 0
    func flush(_ parts: inout [Part]) {
      if !literal.isEmpty { parts.append(.bytes(literal)) }
      literal = []
    }
    while at < text.count {
      let byte = text[at]
      let following = at + 1 < text.count ? text[at + 1] : nil
      if byte == UInt8(ascii: "%") {
        switch following {
        case UInt8(ascii: "%"): literal.append(byte)
        case UInt8(ascii: "c"):
          flush(&parts)
          parts.append(.client)
        case UInt8(ascii: "i"):
          flush(&parts)
          parts.append(.message)
        default:
          throw WorkloadFault("byte \(at + 1): behind '%' stands c, i or another '%'")
        }
        at += 2
      } else if byte == UInt8(ascii: "{"), following == byte {
        guard let end = Self.end(in: text, from: at + 2) else {
          throw WorkloadFault("byte \(at + 1): '{{' without '}}'")
        }
        flush(&parts)
        parts.append(try Self.part(text[(at + 2)..<end], at: at + 1))
        at = end + 2
      } else {
        literal.append(byte)
        at += 1
      }
    }
    flush(&parts)
  }

  private static func end(in text: [UInt8], from start: Int) -> Int? {
    var at = start
    while at + 1 < text.count {
      if text[at] == UInt8(ascii: "}"), text[at + 1] == UInt8(ascii: "}") { return at }
      at += 1
    }
    return nil
  }

  private static func part(
    _ inner: ArraySlice<UInt8>, at place: Int
  ) throws(WorkloadFault) -> Part {
    let text = String(decoding: inner, as: UTF8.self)
    let words = text.split(separator: " ")
    let numbers = words.dropFirst().map { Int64($0) }
    switch (words.first, numbers.count) {
    case ("rand", 0): return .random(0...Int64(Int32.max))
    case ("rand", 2):
      if let low = numbers[0], let high = numbers[1], low <= high { return .random(low...high) }
    case ("hex", 1):
      if let count = numbers[0], (1...65_535).contains(count) { return .digits(Int(count)) }
    case ("time", 0): return .time
    default: break
    }
    throw WorkloadFault(
      "byte \(place): there is no '{{\(text)}}', but {{rand}}, {{rand A B}}, {{hex N}} and {{time}}"
    )
  }

  // MARK: Filling in

  /// Each message has another text.
  package var changesByMessage: Bool {
    parts.contains {
      switch $0 {
      case .bytes, .client: false
      case .message, .random, .digits, .time: true
      }
    }
  }

  package var namesClient: Bool { parts.contains(.client) }

  /// Appends the text for a client and a message.
  package func append(
    to text: inout [UInt8], client: Int, message: Int64, _ random: inout SplitMix64
  ) {
    for part in parts {
      switch part {
      case .bytes(let bytes): text += bytes
      case .client: text += String(client).utf8
      case .message: text += String(message).utf8
      case .random(let range): text += String(Int64.random(in: range, using: &random)).utf8
      case .digits(let count):
        for _ in 0..<count { text.append(Self.digits[Int(random.next() & 15)]) }
      case .time: text += String(WallClock.milliseconds()).utf8
      }
    }
  }

  package func text(client: Int, message: Int64 = 0, _ random: inout SplitMix64) -> [UInt8] {
    var text: [UInt8] = []
    append(to: &text, client: client, message: message, &random)
    return text
  }

  /// Bytes of the longest text, for clients up to this one.
  package func longest(client: Int) -> Int {
    var sum = 0
    for part in parts {
      switch part {
      case .bytes(let bytes): sum += bytes.count
      case .client: sum += String(client).utf8.count
      case .message: sum += String(Int64.max).utf8.count
      case .random(let range):
        sum += max(String(range.lowerBound).utf8.count, String(range.upperBound).utf8.count)
      case .digits(let count): sum += count
      case .time: sum += String(WallClock.milliseconds()).utf8.count
      }
    }
    return sum
  }

  /// A topic filter for all topics of this template: a level with places to fill in becomes '+'.
  package var filter: [UInt8] {
    var levels: [[UInt8]] = [[]]
    var isFixed = [true]
    for part in parts {
      guard case .bytes(let bytes) = part else {
        isFixed[isFixed.count - 1] = false
        continue
      }
      for byte in bytes {
        if byte == UInt8(ascii: "/") {
          levels.append([])
          isFixed.append(true)
        } else {
          levels[levels.count - 1].append(byte)
        }
      }
    }
    let shown = zip(levels, isFixed).map { $1 ? $0 : [UInt8(ascii: "+")] }
    return Array(shown.joined(separator: [UInt8(ascii: "/")]))
  }

  private static let digits = Array("0123456789abcdef".utf8)
}
