// What `-F` asks for, compiled once: per message the steps are only walked.

import MQTTProtocol

/// A format string as a list of steps.  apus-formats(7) describes the language.
package struct MessageFormat: Sendable {
  enum Step: Hashable, Sendable {
    case literal([UInt8])
    case field(Field, Shape)
    /// An entry of `times`.
    case time(Int, Shape)
    case nanoseconds
    case epoch
    case json(JSONForm)
  }

  /// What stands in a format behind `%` and its shape.
  enum Field: UInt8, Hashable, Sendable {
    case topicAlias = 0x41  // A
    case contentType = 0x43  // C
    case correlationData = 0x44  // D
    case expiryInterval = 0x45  // E
    case formatIndicator = 0x46  // F
    case userProperties = 0x50  // P
    case responseTopic = 0x52  // R
    case subscriptionIdentifier = 0x53  // S
    case upperHex = 0x58  // X
    case double = 0x64  // d
    case float = 0x66  // f
    case length = 0x6c  // l
    case packetID = 0x6d  // m
    case payload = 0x70  // p
    case qos = 0x71  // q
    case retain = 0x72  // r
    case topic = 0x74  // t
    case hex = 0x78  // x
  }

  /// Why a message could not be shown as asked; nothing stands in its place.
  package enum Problem: Hashable, Sendable {
    case notJSON
    /// `%d` wants 8 bytes, `%f` 4.
    case wrongLength(expected: Int, found: Int)
  }

  private let steps: [Step]
  private var times: [TimeText]
  /// JSON on several lines.
  package var isPretty = false
  package var exposure = Exposure.exact
  private let wantsTime: Bool

  /// - Throws: what is wrong with the format string.
  package init(_ text: [UInt8], _ dialect: FormatDialect = .apus) throws(FormatFault) {
    var parser = FormatParser(text, dialect)
    try parser.parse()
    steps = parser.steps
    times = parser.times
    wantsTime = steps.contains { step in
      switch step {
      case .time, .nanoseconds, .epoch, .json: true
      case .literal, .field: false
      }
    }
  }

  /// Appends one message, without a newline behind it.
  package mutating func append(_ message: MessageParts, to output: inout ByteBuffer) -> Problem? {
    var problem: Problem?
    let now = wantsTime ? WallTime.now() : WallTime(seconds: 0, nanoseconds: 0)
    for step in steps {
      switch step {
      case .literal(let bytes): output.append(bytes)
      case .field(let field, let shape):
        problem = FieldText.append(field, shape, of: message, exposure, to: &output) ?? problem
      case .time(let index, let shape):
        times[index].append(now, shape, to: &output)
      case .nanoseconds: output.append(decimal: now.nanoseconds, digits: 9)
      case .epoch:
        output.append(decimal: now.seconds)
        output.append(UInt8(ascii: "."))
        output.append(decimal: now.nanoseconds, digits: 9)
      case .json(let form):
        let mark = output.count
        // The first entry is `tst`'s date and zone, which the parser put there.
        problem =
          MessageJSON.append(
            message, form, isPretty: isPretty, at: now, &times[0], to: &output) ?? problem
        output.escape(from: mark, exposure.json)
      }
    }
    return problem
  }
}

extension MessageFormat.Problem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notJSON: "the payload is not valid JSON, which %J needs"
    case .wrongLength(let expected, let found):
      "a payload of \(found) bytes is no number of \(expected) bytes"
    }
  }
}
