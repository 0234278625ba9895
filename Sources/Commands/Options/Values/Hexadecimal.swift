extension [UInt8] {
  /// Reads pairs of hexadecimal digits in either case.
  ///
  /// - Returns: nil when anything else is there.
  init?(hexadecimal digits: some Collection<UInt8>) {
    if digits.count % 2 != 0 { return nil }
    self = []
    reserveCapacity(digits.count / 2)
    var high: UInt8?
    for digit in digits {
      guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
      if let first = high {
        append(first << 4 | UInt8(value))
        high = nil
      } else {
        high = UInt8(value)
      }
    }
  }
}
