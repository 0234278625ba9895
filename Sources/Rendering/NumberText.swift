// Numbers as text, and what fills them up.

import MQTTProtocol

extension ByteBuffer {
  mutating func append(repeating byte: UInt8, _ count: Int) {
    for _ in 0..<max(count, 0) { append(byte) }
  }

  /// Appends a number that is not negative.
  ///
  /// - Parameter digits: at least so many, with zeros in front.
  mutating func append(decimal number: Int, digits: Int = 1) {
    let count = max(digits, Self.digits(of: number))
    append(repeating: UInt8(ascii: "0"), count)
    var rest = number
    var place = self.count - 1
    while rest > 0 {
      set(UInt8(ascii: "0") + UInt8(rest % 10), at: place)
      rest /= 10
      place -= 1
    }
  }

  static func digits(of number: Int) -> Int {
    var count = 1
    var rest = number / 10
    while rest > 0 {
      count += 1
      rest /= 10
    }
    return count
  }

  /// - Parameter digits: at least so many, with zeros in front.
  mutating func append(hex number: UInt32, digits: Int) {
    let needed = max(digits, (32 - number.leadingZeroBitCount + 3) / 4)
    for place in (0..<needed).reversed() {
      let digit = UInt8(truncatingIfNeeded: number >> UInt32(4 * place) & 15)
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}
