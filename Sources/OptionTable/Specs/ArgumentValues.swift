/// What most effects want from a word.
extension Argument {
  /// - Throws: when the word is not UTF-8.
  package func string() throws(OptionError) -> String {
    guard let text else { throw OptionError("'\(shown)' is not UTF-8 text") }
    return text
  }

  /// Reads the whole word as a decimal number.
  ///
  /// - Throws: naming the range, when the word is no number or lies outside.
  @inlinable package func integer<Number: FixedWidthInteger>(
    in range: ClosedRange<Number>
  ) throws(OptionError) -> Number {
    guard let number = text.flatMap({ Number($0) }), range.contains(number) else {
      throw OptionError(
        "'\(shown)' is not a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}
