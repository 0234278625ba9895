/// The same figure from several runs.
struct Sample {
  let count: Int
  let mean: Double
  /// Of the runs about their mean, divided by their number less one; 0 for one run.
  let variance: Double

  init(_ values: [Double]) {
    count = values.count
    let mean = values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    self.mean = mean
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    variance = values.count > 1 ? squares / Double(values.count - 1) : 0
  }

  /// The range in which the difference of the true means lies, with a confidence of 95 % (Welch's t
  /// interval, which does not take both sides to be equally uneven).
  ///
  /// - Returns: nil for less than two runs a side.
  func difference(to other: Sample) -> ClosedRange<Double>? {
    guard count > 1, other.count > 1 else { return nil }
    let ours = variance / Double(count)
    let theirs = other.variance / Double(other.count)
    let sum = ours + theirs
    let difference = other.mean - mean
    if sum == 0 { return difference...difference }
    // Welch and Satterthwaite's degrees of freedom.
    let parts = ours * ours / Double(count - 1) + theirs * theirs / Double(other.count - 1)
    let width = Self.quantile(sum * sum / parts) * sum.squareRoot()
    return (difference - width)...(difference + width)
  }

  /// Student's t at 97.5 %.
  static func quantile(_ degrees: Double) -> Double {
    let table: [Double] = [
      12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
      2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
      2.052, 2.048, 2.045, 2.042,
    ]
    // Between whole numbers the larger value: the wider range.
    if degrees < 30 { return table[max(0, Int(degrees) - 1)] }
    return 1.96 + 2.5 / degrees
  }
}
