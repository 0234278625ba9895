/// Quantities with their units, as people read them.
enum Quantities {
  /// Nanoseconds in the unit that suits: `45.1 µs`, `7.31 ms`, `1.02 s`.
  static func time(_ nanoseconds: Double) -> String {
    switch abs(nanoseconds) {
    case ..<999.5: Decimals.fixed(nanoseconds, 0) + " ns"
    case ..<999_500: Decimals.significant(nanoseconds / 1e3) + " µs"
    case ..<999_500_000: Decimals.significant(nanoseconds / 1e6) + " ms"
    default: Decimals.significant(nanoseconds / 1e9) + " s"
    }
  }

  static func time(_ nanoseconds: Int64) -> String { time(Double(nanoseconds)) }

  /// A round one, without zeros at its end: `10 µs`, `500 µs`, `0.5 s` as `500 ms`.
  static func roundTime(_ nanoseconds: Double) -> String {
    switch nanoseconds {
    case ..<1e3: Decimals.shortest(nanoseconds) + " ns"
    case ..<1e6: Decimals.shortest(nanoseconds / 1e3) + " µs"
    case ..<1e9: Decimals.shortest(nanoseconds / 1e6) + " ms"
    default: Decimals.shortest(nanoseconds / 1e9) + " s"
    }
  }

  /// Messages a second, and means of counts.
  static func rate(_ rate: Double) -> String {
    if rate == rate.rounded() || rate >= 99.95 { return Decimals.grouped(Int64(clamping: rate)) }
    return Decimals.significant(rate)
  }

  static func bytes(_ bytes: Double) -> String {
    switch abs(bytes) {
    case ..<999.5: Decimals.fixed(bytes, 0) + " B"
    case ..<999_500: Decimals.significant(bytes / 1e3) + " kB"
    case ..<999_500_000: Decimals.significant(bytes / 1e6) + " MB"
    default: Decimals.significant(bytes / 1e9) + " GB"
    }
  }

  /// A share as per cent; what is not nothing never looks like it.
  static func percent(_ share: Double) -> String {
    let percent = share * 100
    if percent == 0 { return "0 %" }
    if abs(percent) < 0.0005 { return "<0.001 %" }
    return Decimals.significant(percent) + " %"
  }
}
