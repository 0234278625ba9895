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

  /// Messages a second.
  static func rate(_ rate: Double) -> String {
    rate < 99.95 && rate > 0 ? Decimals.significant(rate) : Decimals.grouped(Int64(clamping: rate))
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
