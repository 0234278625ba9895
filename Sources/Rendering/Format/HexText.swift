import MQTTProtocol

/// `%x` and `%X`: two digits a byte, in groups of as many digits as the precision says.
enum HexText {
  static func append(
    _ payload: UnsafeRawBufferPointer, _ digits: StaticString, _ shape: Shape,
    to output: inout ByteBuffer
  ) {
    let group = shape.precision ?? 0
    let count = payload.count * 2
    let separators = group > 0 && count > 0 ? (count - 1) / group : 0
    shape.pad(count + separators, with: shape.zeroOrSpace, to: &output) { output in
      output.reserve(count + separators)
      var place = 0
      func append(_ digit: UInt8) {
        if group > 0, place > 0, place % group == 0 { output.append(shape.separator) }
        output.append(digits.utf8Start[Int(digit)])
        place += 1
      }
      for byte in payload {
        append(byte >> 4)
        append(byte & 15)
      }
    }
  }
}
