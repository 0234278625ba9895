import Histogram

/// What a run was and what it measured: everything that the reports show.
package struct Results: Equatable, Sendable {
  /// The word behind `apus bench`.
  package var mode: String
  package var settings: [Fact] = []
  package var environment: [Fact] = []
  /// When the measured time began, in milliseconds since 1970.
  package var began: Int64 = 0
  /// The measured time, in nanoseconds: without ramp, warm-up and the wait for stragglers.
  package var duration: Int64 = 0

  package var messages = MessageCounts()
  /// Payload bytes.
  package var bytesSent: Int64 = 0
  package var bytesReceived: Int64 = 0
  /// Of all these, what came while stragglers were waited for: no broker's throughput.
  package var late = Throughput()
  /// Connections that were established, those that came back among them.
  package var connections: Int64 = 0
  /// How often each error came, by its words.
  package var errors: [String: Int64] = [:]
  /// Time without a connection, summed over the clients.
  package var secondsLost = 0.0

  package var latencies = Latencies()
  package var intervals: [Interval] = []

  package var client: ResourceUse?
  package var broker: ResourceUse?
  /// What the broker said of itself last, by its `$SYS` topics.
  package var brokerValues: [String: String] = [:]
  /// What stands between the figures and the broker: a busy client, late timers.
  package var notes: [String] = []

  package init(mode: String) { self.mode = mode }

  /// The one that counts when no kind is named: of those that were measured, the one nearest to a user.
  package var mainLatency: LatencyKind {
    let order: [LatencyKind] = [.delivery, .ack, .connack, .connect, .suback, .tls]
    return order.first { latencies[$0].totalCount > 0 } ?? .delivery
  }

  package var errorCount: Int64 {
    errors.values.reduce(into: 0) { sum, count in sum.addClamping(count) }
  }

  package var seconds: Double { Double(duration) / 1e9 }

  /// What counts as throughput.
  var inTime: Throughput {
    var all = Throughput()
    (all.sent, all.acked, all.received) = (messages.sent, messages.acked, messages.received)
    (all.bytesSent, all.bytesReceived) = (bytesSent, bytesReceived)
    return all.without(late)
  }

  /// A count as a rate over the measured time.
  package func rate(_ count: Int64) -> Double { duration > 0 ? Double(count) / seconds : 0 }
}
