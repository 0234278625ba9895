// Bytes from outside on their way to a terminal: what would act there is shown instead.

import MQTTProtocol

/// How bytes from outside are written.
package enum Escaping: Sendable {
  /// As they are.
  case none
  /// What acts on a terminal as `\xNN` or `\u{…}`, but for newlines and tabs.
  case text
  /// Newlines and tabs too: `\n`, `\t`.
  case line
  /// JSON, which has escaped C0 already: the rest as `\uNNNN`, which its readers undo.
  case json
}

/// What of a message is escaped.
package struct Exposure: Sendable {
  package var payload: Escaping
  /// Topics and properties.
  package var text: Escaping
  package var json: Escaping

  /// Everything byte for byte, for pipes and files.
  package static let exact = Exposure(payload: .none, text: .none, json: .none)
  /// For a terminal.
  package static let terminal = Exposure(payload: .text, text: .line, json: .json)
  /// For a terminal where each message has one line.
  package static let line = Exposure(payload: .line, text: .line, json: .json)
}

extension ByteBuffer {
  package mutating func append(_ bytes: UnsafeRawBufferPointer, _ escaping: Escaping) {
    if escaping == .none { return append(bytes) }
    var begin = 0
    while let found = Suspect(in: bytes, from: begin, escaping) {
      append(UnsafeRawBufferPointer(rebasing: bytes[begin..<found.place]))
      found.append(escaping, to: &self)
      begin = found.place + found.length
    }
    append(UnsafeRawBufferPointer(rebasing: bytes[begin...]))
  }

  /// Escapes what was appended after the first `mark` bytes.
  mutating func escape(from mark: Int, _ escaping: Escaping) {
    if escaping == .none { return }
    let added = UnsafeRawBufferPointer(rebasing: bytes[mark...])
    guard Suspect(in: added, from: 0, escaping) != nil else { return }
    let copy = [UInt8](added)
    truncate(to: mark)
    copy.withUnsafeBytes { append($0, escaping) }
  }
}

/// A character that is to be escaped, or one byte that is not UTF-8.
private struct Suspect {
  let place: Int
  let length: Int
  /// Nil for a byte that is not UTF-8.
  let scalar: UInt32?
  let byte: UInt8

  /// The next one, or nil when there is none.
  init?(in bytes: UnsafeRawBufferPointer, from start: Int, _ escaping: Escaping) {
    var at = start
    while at < bytes.count {
      at = Self.endOfPlain(in: bytes, from: at)
      guard at < bytes.count else { return nil }
      let decoded = UTF8Scalar(in: bytes, at: at)
      if let decoded, !Self.isEscaped(decoded.value, escaping) {
        at += decoded.length
        continue
      }
      place = at
      length = decoded?.length ?? 1
      scalar = decoded?.value
      byte = bytes[at]
      return
    }
    return nil
  }

  /// Passes over characters from the blank to `~`, eight at once.
  private static func endOfPlain(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var at = start
    while at + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      let belowBlank = (word &- 0x2020_2020_2020_2020) & ~word
      let aboveTilde = word | (word &+ 0x0101_0101_0101_0101)
      if (belowBlank | aboveTilde) & 0x8080_8080_8080_8080 != 0 { break }
      at += 8
    }
    while at < bytes.count, (0x20...0x7e).contains(bytes[at]) { at += 1 }
    return at
  }

  private static func isEscaped(_ scalar: UInt32, _ escaping: Escaping) -> Bool {
    if scalar == 0x0a || scalar == 0x09 { return escaping == .line }
    return SafeText.acts(scalar)
  }

  func append(_ escaping: Escaping, to output: inout ByteBuffer) {
    output.append(UInt8(ascii: "\\"))
    guard escaping != .json else {
      output.append(UInt8(ascii: "u"))
      return output.append(hex: scalar ?? 0xfffd, digits: 4)
    }
    switch scalar {
    case 0x0a?: output.append(UInt8(ascii: "n"))
    case 0x0d?: output.append(UInt8(ascii: "r"))
    case 0x09?: output.append(UInt8(ascii: "t"))
    case let scalar? where scalar > 0x7f:
      output.append(UInt8(ascii: "u"))
      output.append(UInt8(ascii: "{"))
      output.append(hex: scalar, digits: 2)
      output.append(UInt8(ascii: "}"))
    default:
      output.append(UInt8(ascii: "x"))
      output.append(hex: UInt32(byte), digits: 2)
    }
  }
}
