/// Numbers as text.
enum Decimals {
  /// With so many digits behind the point, rounded.
  static func fixed(_ number: Double, _ digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (abs(number) * scale).rounded()
    guard scaled < 9e18 else { return "\(number)" }
    let whole = Int(scaled / scale)
    let part = Int(scaled - Double(whole) * scale)
    let sign = number < 0 && scaled > 0 ? "-" : ""
    return sign + String(whole) + (digits > 0 ? "." + padded(part, digits) : "")
  }

  /// With three significant digits where there are so many: 0.123, 1.23, 12.3, 123, 1,230.
  static func significant(_ number: Double) -> String {
    let size = abs(number)
    let digits = size < 0.9995 ? 3 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0
    guard digits > 0 else { return grouped(Int64(clamping: number)) }
    return fixed(number, digits)
  }

  /// With three decimals at most, and none that is not needed.
  static func shortest(_ number: Double) -> String {
    var text = fixed(number, 3)
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  /// 1234567 as 1,234,567.
  static func grouped(_ number: Int64) -> String {
    var text = ""
    let digits = String(number.magnitude)
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.utf8.count - place) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return number < 0 ? "-" + text : text
  }

  static func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}

extension Int64 {
  /// The nearest whole number; the nearest end of the range for what is outside.
  init(clamping number: Double) {
    if number.isNaN {
      self = 0
    } else {
      self = Int64(exactly: number.rounded()) ?? (number < 0 ? .min : .max)
    }
  }
}
