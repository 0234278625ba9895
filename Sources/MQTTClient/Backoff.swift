/// How long to wait before the next attempt to connect: doubling, up to a ceiling, and spread by chance
/// so that clients which were cut off together come back apart ("full jitter").
package struct Backoff: Hashable, Sendable {
  package var first: Duration
  package var ceiling: Duration
  /// False: always exactly `first`.
  package var isSpread: Bool

  package init(first: Duration, ceiling: Duration, isSpread: Bool = true) {
    self.first = first
    self.ceiling = max(first, ceiling)
    self.isSpread = isSpread
  }

  /// - Parameters:
  ///   - attempt: attempts since the last connection that stood, from 1.
  ///   - chance: uniform in `0..<1`.
  /// - Returns: a duration in `.zero...ceiling`.
  package func delay(before attempt: Int, chance: Double) -> Duration {
    isSpread ? limit(before: attempt) * chance : first
  }

  /// The longest that `delay` may be.
  package func limit(before attempt: Int) -> Duration {
    var limit = first
    for _ in 1..<max(attempt, 1) where limit < ceiling { limit *= 2 }
    return min(limit, ceiling)
  }
}
