// How wide a field is, and what fills it up.

import MQTTProtocol

/// `[-][0][width][.precision][separator]` of a specifier.
struct Shape: Hashable, Sendable {
  var isLeftAligned = false
  var padsWithZeros = false
  /// Bytes; 0 for as many as it takes.
  var width = 0
  var precision: Int?
  /// Bytes of the payload that are shown; nil for all.
  var payloadLimit: Int?
  /// As many spaces follow as the payload has bytes.
  var isTrailedByLength = false
  /// Between groups of hexadecimal digits.
  var separator = UInt8(ascii: " ")

  static let plain = Shape()

  /// Appends what `body` writes, filled up to the width.
  ///
  /// - Parameter fill: on the left; the right is always filled with spaces.
  func pad(
    _ count: Int, with fill: UInt8 = UInt8(ascii: " "), to output: inout ByteBuffer,
    _ body: (inout ByteBuffer) -> Void
  ) {
    let missing = max(0, width - count)
    if !isLeftAligned { output.append(repeating: fill, missing) }
    body(&output)
    if isLeftAligned { output.append(repeating: UInt8(ascii: " "), missing) }
  }

  /// Appends text, cut to the precision, escaped, and filled up to the width.
  func append(
    text: UnsafeRawBufferPointer, _ escaping: Escaping = .none,
    with fill: UInt8 = UInt8(ascii: " "), to output: inout ByteBuffer
  ) {
    let shown = UnsafeRawBufferPointer(rebasing: text.prefix(precision ?? text.count))
    if escaping == .none || width == 0 {
      return pad(shown.count, with: fill, to: &output) { $0.append(shown, escaping) }
    }
    var escaped = ByteBuffer()
    escaped.append(shown, escaping)
    pad(escaped.count, with: fill, to: &output) { $0.append(escaped.bytes) }
  }

  /// Appends a whole number, filled up with spaces or zeros.
  func append(number: Int, to output: inout ByteBuffer) {
    if padsWithZeros, !isLeftAligned {
      output.append(decimal: number, digits: width)
    } else {
      pad(ByteBuffer.digits(of: number), to: &output) { $0.append(decimal: number) }
    }
  }

  /// Appends what stands for something that is not there.
  func appendBlank(to output: inout ByteBuffer) {
    output.append(repeating: zeroOrSpace, width)
  }

  var zeroOrSpace: UInt8 {
    padsWithZeros && !isLeftAligned ? UInt8(ascii: "0") : UInt8(ascii: " ")
  }
}
