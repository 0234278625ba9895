// From a format string to steps.

/// Reads a format string once, left to right.
struct FormatParser {
  private var rest: ArraySlice<UInt8>
  private var literal: [UInt8] = []
  private(set) var steps: [MessageFormat.Step] = []
  private(set) var times: [TimeText] = []

  private let dialect: FormatDialect

  private static let largest = 9999

  init(_ text: [UInt8], _ dialect: FormatDialect) {
    rest = text[...]
    self.dialect = dialect
  }

  mutating func parse() throws(FormatFault) {
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"): try specifier()
      case UInt8(ascii: "@"): try time()
      case UInt8(ascii: "\\"): try escape()
      default: literal.append(byte)
      }
    }
    endLiteral()
    // `tst` of %j and %J is the first of the times.
    let hasJSON = steps.contains { if case .json = $0 { true } else { false } }
    if hasJSON {
      times.insert(TimeText("%Y-%m-%dT%H:%M:%S%z"), at: 0)
      steps = steps.map { step in
        if case .time(let index, let shape) = step { .time(index + 1, shape) } else { step }
      }
    }
  }

  private mutating func endLiteral() {
    if !literal.isEmpty { steps.append(.literal(literal)) }
    literal = []
  }

  private mutating func append(_ step: MessageFormat.Step) {
    endLiteral()
    steps.append(step)
  }

  private mutating func next() throws(FormatFault) -> UInt8 {
    guard let byte = rest.popFirst() else { throw .incompleteSpecifier }
    return byte
  }

  // MARK: %

  private mutating func specifier() throws(FormatFault) {
    var shape = Shape()
    switch rest.first {
    case UInt8(ascii: "-"):
      shape.isLeftAligned = true
      rest.removeFirst()
    case UInt8(ascii: "0"):
      shape.padsWithZeros = true
      rest.removeFirst()
    default: break
    }
    shape.width = try number() ?? 0
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      shape.precision = try number()
      if let byte = rest.first, Self.isSeparator(byte) {
        shape.separator = byte
        rest.removeFirst()
      }
    }
    let letter = try next()
    switch letter {
    case UInt8(ascii: "%"): literal.append(letter)
    case UInt8(ascii: "I"): appendTime("%Y-%m-%dT%H:%M:%S%z", shape)
    case UInt8(ascii: "U"): append(.epoch)
    case UInt8(ascii: "j"): append(.json(.text))
    case UInt8(ascii: "J"): append(.json(.value))
    default:
      guard let field = MessageFormat.Field(rawValue: letter) else {
        throw .invalidSpecifier(letter)
      }
      dialect.adapt(&shape, to: field)
      append(.field(field, shape))
    }
  }

  private mutating func number() throws(FormatFault) -> Int? {
    var number: Int?
    while let digit = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) {
      number = (number ?? 0) * 10 + Int(digit - UInt8(ascii: "0"))
      if number ?? 0 > Self.largest { throw .numberTooLarge }
      rest.removeFirst()
    }
    return number
  }

  /// A space or any ASCII punctuation but `%`.
  private static func isSeparator(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "%"): false
    case 0x20...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e: true
    default: false
    }
  }

  // MARK: @ and \

  private mutating func time() throws(FormatFault) {
    let letter = try next()
    switch letter {
    case UInt8(ascii: "@"): literal.append(letter)
    case UInt8(ascii: "N"): append(.nanoseconds)
    default: appendTime(pattern: [UInt8(ascii: "%"), letter], .plain)
    }
  }

  private mutating func appendTime(_ pattern: String, _ shape: Shape) {
    appendTime(pattern: Array(pattern.utf8), shape)
  }

  private mutating func appendTime(pattern: [UInt8], _ shape: Shape) {
    append(.time(times.count, shape))
    times.append(TimeText(pattern: pattern))
  }

  private mutating func escape() throws(FormatFault) {
    guard let letter = rest.popFirst() else { throw .incompleteEscape }
    switch letter {
    case UInt8(ascii: "\\"): literal.append(letter)
    case UInt8(ascii: "0"): literal.append(0)
    case UInt8(ascii: "a"): literal.append(7)
    case UInt8(ascii: "e"): literal.append(0x1b)
    case UInt8(ascii: "n"): literal.append(0x0a)
    case UInt8(ascii: "r"): literal.append(0x0d)
    case UInt8(ascii: "t"): literal.append(9)
    case UInt8(ascii: "v"): literal.append(0x0b)
    default: throw .invalidEscape(letter)
    }
  }
}
