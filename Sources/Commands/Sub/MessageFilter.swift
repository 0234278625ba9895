import MQTTProtocol
import MQTTSession

/// Which messages are shown: `-T`, `-R`, `--retained-only` and `--random-filter`.
struct MessageFilter {
  private let filterOut: [TopicFilter]
  private let ignoresRetained: Bool
  private let retainedOnly: Bool
  private let chance: Double
  private var random = SystemRandomNumberGenerator()

  enum Verdict {
    case pass, skip
    /// The retained messages are through.
    case end
  }

  init(_ settings: Settings.Subscribing) {
    filterOut = settings.filterOut
    ignoresRetained = settings.ignoresRetained
    retainedOnly = settings.retainedOnly
    chance = settings.randomFilter
  }

  func verdict(on message: ReceivedMessage) -> Verdict {
    if retainedOnly, !message.retain { return .end }
    if ignoresRetained, message.retain { return .skip }
    for filter in filterOut where filter.matches(message.topic) { return .skip }
    return .pass
  }

  /// `--random-filter`: messages that have no luck count but are not shown.
  mutating func isLucky() -> Bool {
    chance >= 100 || Double.random(in: 0..<100, using: &random) < chance
  }
}
