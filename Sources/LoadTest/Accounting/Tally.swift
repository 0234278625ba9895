/// What one thread counts and measures.
struct Tally {
  var messages = MessageCounts()
  /// Messages times their subscribers: so many are to arrive, and so many did, each counted once.
  var expected: Int64 = 0
  var distinct: Int64 = 0
  /// What came after the measured time.
  var late = Throughput()
  var bytesSent: Int64 = 0
  var bytesReceived: Int64 = 0
  var connections: Int64 = 0
  var errors: [String: Int64] = [:]
  var errorCount = 0
  /// The last values of the broker's `$SYS` topics.
  private(set) var brokerValues: [String: String] = [:]
  /// The code by which the server first refused a message.
  var refusal: UInt8?
  /// Nanoseconds, summed over the clients.
  var timeLost: Int64 = 0
  var latencies = Latencies()
  /// How late the loop came to what was due.
  var lateness = LatencyHistogram(numberOfSignificantValueDigits: .two)
  /// Messages of other runs, and those without a header.
  var foreign: Int64 = 0
  /// Arrived before they were due: another host's clock.
  var early: Int64 = 0
  /// Times of the last event of each kind, by the monotonic clock.
  var lastEvent: Int64 = 0

  /// By seconds of the measured time, without latencies.
  var intervals: [Interval] = []
  private let main: LatencyKind
  /// The main latency of the second that is under way.
  private(set) var recent = LatencyHistogram(numberOfSignificantValueDigits: .two)
  /// All kinds of it, where they are kept.
  private var recentOfAll: Latencies?

  /// - Parameter keepsAll: `takeRecentOfAll` will ask.
  init(main: LatencyKind, keepsAll: Bool = false) {
    self.main = main
    if keepsAll { recentOfAll = Latencies() }
  }

  mutating func record(_ kind: LatencyKind, _ nanoseconds: Int64) {
    let value = UInt64(max(0, nanoseconds))
    latencies[kind].record(value)
    if kind == main { recent.record(value) }
    recentOfAll?[kind].record(value)
  }

  /// Keeps what is a short text, of a bounded number of topics.
  mutating func noteBroker(_ topic: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    guard value.count <= 100, let topic = String(validating: topic, as: UTF8.self),
      let value = String(validating: value, as: UTF8.self),
      brokerValues.count < 1000 || brokerValues[topic] != nil
    else { return }
    brokerValues[topic] = value
  }

  mutating func fail(_ words: String) {
    errors[words, default: 0] += 1
    errorCount += 1
  }

  /// The second's figures, which are forgotten.
  mutating func takeRecent() -> LatencyHistogram? {
    if recent.totalCount == 0 { return nil }
    defer { recent.reset() }
    return recent
  }

  /// The second's latencies of all kinds, which are forgotten.
  mutating func takeRecentOfAll() -> Latencies? {
    guard let all = recentOfAll, !all.isEmpty else { return nil }
    recentOfAll = Latencies()
    return all
  }

  /// - Parameter second: of the measured time.
  mutating func interval(_ second: Int, _ change: (inout Interval) -> Void) {
    while intervals.count <= second { intervals.append(Interval()) }
    change(&intervals[second])
  }

  /// Takes back what was counted as sent, the last ones first.
  mutating func withdraw(_ count: Int64) {
    let bytes = bytesSent / max(1, messages.sent) * count
    messages.sent -= count
    messages.unsent += count
    bytesSent -= bytes
    var rest = count - min(count, late.sent)
    late.sent -= count - rest
    late.bytesSent = max(0, late.bytesSent - bytes)
    for second in intervals.indices.reversed() where rest > 0 {
      let here = min(rest, intervals[second].sent)
      intervals[second].sent -= here
      rest -= here
    }
  }

  /// Some of these leave after all.
  ///
  /// - Parameter second: of the measured time; nil after it.
  mutating func readmit(_ count: Int64, second: Int?) {
    let bytes = bytesSent / max(1, messages.sent) * count
    messages.sent += count
    messages.unsent -= count
    bytesSent += bytes
    if let second {
      interval(second) { $0.sent += count }
    } else {
      late.sent += count
      late.bytesSent += bytes
    }
  }

  /// Adds what another thread counted, but for the second that is under way.
  mutating func add(_ other: Self) {
    messages.add(other.messages)
    expected += other.expected
    distinct += other.distinct
    late.add(other.late)
    bytesSent += other.bytesSent
    bytesReceived += other.bytesReceived
    connections += other.connections
    brokerValues.merge(other.brokerValues) { $1 }
    refusal = refusal ?? other.refusal
    errors.merge(other.errors) { $0 + $1 }
    timeLost += other.timeLost
    latencies.add(other.latencies)
    lateness.add(other.lateness)
    foreign += other.foreign
    early += other.early
    lastEvent = max(lastEvent, other.lastEvent)
    for (second, interval) in other.intervals.enumerated() {
      self.interval(second) { $0.add(interval) }
    }
  }
}
