// From words of the command line to MQTT's terms, with a message for each way to be wrong.

import MQTTProtocol
import OptionTable

extension Argument {
  /// A string for a packet.
  func mqttString() throws(OptionError) -> UTF8String {
    do { return try UTF8String(bytes) } catch { throw OptionError(Self.text(error, shown)) }
  }

  /// The bytes of a field with a two-byte length.
  func field() throws(OptionError) -> [UInt8] {
    if bytes.count > UTF8String.maximumLength {
      throw OptionError(Self.text(.tooLong(bytes.count), shown))
    }
    return bytes
  }

  func topicName(_ what: String = "topic") throws(OptionError) -> TopicName {
    do { return try TopicName(bytes) } catch {
      switch error {
      case .empty: throw OptionError("a \(what) cannot be empty")
      case .wildcard:
        throw OptionError("'\(shown)' is no \(what) to publish to: '+' and '#' are wildcards")
      case .string(let fault): throw OptionError(Self.text(fault, shown))
      }
    }
  }

  func topicFilter() throws(OptionError) -> TopicFilter {
    do { return try TopicFilter(bytes) } catch {
      switch error {
      case .empty: throw OptionError("a topic filter cannot be empty")
      case .multiLevelWildcard:
        throw OptionError("'\(shown)': '#' must be a level of its own and the last one")
      case .singleLevelWildcard:
        throw OptionError("'\(shown)': '+' must be a level of its own")
      case .share:
        throw OptionError("'\(shown)': a shared subscription is '$share/NAME/FILTER'")
      case .string(let fault): throw OptionError(Self.text(fault, shown))
      }
    }
  }

  /// A name or address without white space and control characters.
  func host() throws(OptionError) -> String {
    let text = try string()
    if bytes.isEmpty || bytes.contains(where: { $0 <= 0x20 || $0 == 0x7f }) {
      throw OptionError("'\(shown)' is no host name or address")
    }
    return text
  }

  func qos() throws(OptionError) -> QoS {
    guard let qos = text.flatMap({ UInt8($0) }).flatMap({ QoS(rawValue: $0) }) else {
      throw OptionError("'\(shown)' is not 0, 1 or 2")
    }
    return qos
  }

  func retainHandling() throws(OptionError) -> Subscription.RetainHandling {
    switch text {
    case "always": .always
    case "new": .new
    case "never": .never
    default: throw OptionError("'\(shown)' is not always, new or never")
    }
  }

  /// One byte, or `\t`.
  func separator() throws(OptionError) -> UInt8 {
    if bytes == Array("\\t".utf8) { return 9 }
    guard bytes.count == 1 else {
      throw OptionError("'\(shown)' is not one byte, or \\t for a tab")
    }
    return bytes[0]
  }

  /// A decimal number with an optional fraction.
  func decimal(in range: ClosedRange<Double>) throws(OptionError) -> Double {
    guard !bytes.contains(where: { $0 | 0x20 == UInt8(ascii: "x") }),  // 0x1p3
      let number = text.flatMap({ Double($0) }), range.contains(number)
    else {
      throw OptionError(
        "'\(shown)' is not a number from \(Self.short(range.lowerBound)) to "
          + Self.short(range.upperBound))
    }
    return number
  }

  private static func short(_ number: Double) -> String {
    number == number.rounded() ? String(Int64(number)) : String(number)
  }

  private static func text(_ fault: UTF8String.Fault, _ shown: String) -> String {
    switch fault {
    case .illFormed: "'\(shown)' is not UTF-8 text"
    case .nullCharacter: "'\(shown)' contains a null character"
    case .tooLong(let length):
      "\(length) bytes are too long: at most \(UTF8String.maximumLength) are allowed"
    }
  }
}
