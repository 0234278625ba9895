import MQTTProtocol

/// How many subscribers get what is published to a topic.
struct FanOut: Sendable {
  private var everybody: Int
  /// By topic, for filters without wildcards.
  private var exact: [[UInt8]: Int] = [:]
  private var others: [(filter: TopicFilter, count: Int)] = []

  init(everybody: Int) { self.everybody = everybody }

  init(_ filters: [TopicFilter: Int]) {
    everybody = 0
    for (filter, count) in filters {
      if filter.hasWildcard || filter.isShared {
        others.append((filter, count))
      } else {
        exact[filter.bytes, default: 0] += count
      }
    }
  }

  func count(for topic: UTF8String) -> Int {
    let bytes = topic.bytes
    return bytes.withUnsafeBytes { bytes in
      others.reduce(everybody) { $1.filter.matches(bytes) ? $0 + $1.count : $0 }
    } + (exact[bytes] ?? 0)
  }
}
