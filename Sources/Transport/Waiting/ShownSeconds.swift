extension Duration {
  /// Seconds for people, to the nearest; with two decimals where it is less than one.
  package var shownSeconds: String {
    let hundredths = (self + .milliseconds(5)) / .milliseconds(10)
    if hundredths >= 99 { return String((self + .milliseconds(500)).components.seconds) }
    let digits = String(Int(hundredths))
    return digits.utf8.count == 1 ? "0.0\(digits)" : "0.\(digits)"
  }
}
