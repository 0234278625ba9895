extension String {
  /// A number that is not negative, with zeros in front up to `width` digits.
  init(_ number: some BinaryInteger, width: Int, radix: Int = 10) {
    let digits = String(number, radix: radix)
    self = String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
  }
}
