/// The number of a gate, with its unit.
enum GateNumber {
  private static let times: [String: Double] = [
    "ns": 1, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9, "min": 60e9,
  ]
  private static let multiples: [String: Double] = ["": 1, "k": 1e3, "M": 1e6]

  /// - Returns: nanoseconds, messages, messages a second, or a share.
  static func value(_ text: String, _ quantity: Metric.Quantity) throws(Nonsense) -> Double {
    if text.isEmpty { throw Nonsense("the number is missing") }
    let digits = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
    guard let number = decimal(String(digits)) else {
      throw Nonsense("'\(text)' is no number from 0 on")
    }
    let unit = text.dropFirst(digits.count).trimmingSpaces
    switch quantity {
    case .time:
      if number == 0, unit.isEmpty { return 0 }
      guard let scale = times[unit] else { throw Nonsense("a time has one of the units us, ms, s") }
      return number * scale
    case .count:
      guard let scale = multiples[unit] else { throw wrong(unit, "k and M") }
      // 1.001k is 1000.9999999999999 in binary.
      let count = (number * scale * 1e6).rounded() / 1e6
      if count != count.rounded() { throw Nonsense("'\(text)' is no whole number") }
      return count
    case .rate:
      let multiple = unit.hasSuffix("/s") ? String(unit.dropLast(2)) : unit
      guard let scale = multiples[multiple] else { throw wrong(unit, "k, M and /s") }
      return number * scale
    case .share:
      if unit == "%" { return number / 100 }
      if number != 0 || !unit.isEmpty { throw Nonsense("a share has the unit %: loss<0.1%") }
      return 0
    }
  }

  private static func wrong(_ unit: String, _ units: String) -> Nonsense {
    Nonsense("the unit '\(unit)' is not among \(units)")
  }

  /// `12` and `12.5`, and nothing that is written otherwise.
  static func decimal(_ text: String) -> Double? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, text.utf8.count <= 15,
      parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
    else { return nil }
    return Double(text)
  }
}
