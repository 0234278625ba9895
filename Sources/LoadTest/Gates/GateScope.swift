/// What a run is going to measure: gates about anything else make no sense.
package struct GateScope: Hashable, Sendable {
  let mode: String
  let kinds: Set<LatencyKind>
  let counts: Set<Metric.Count>
  /// What a name without a kind of latency is about.
  let mainLatency: LatencyKind?
  /// What `rate` counts.
  let mainCount: Metric.Count
  /// No more than this is sent in a second, and altogether; nil when there is no bound.
  let highestRate: Double?
  let mostSent: Int64?

  /// - Parameters:
  ///   - mode: the word behind `apus bench`.
  ///   - hasAcknowledgements: QoS 1 or 2.
  ///   - usesTLS: handshakes are measured.
  ///   - opensEnvelopes: what others publish can be seen to be damaged.
  ///   - onlyAnswers: rr without requesters, who are the ones that measure.
  ///   - highestRate: of messages sent, by the run's own settings.
  ///   - mostSent: of messages, likewise.
  package init(
    mode: String, hasAcknowledgements: Bool, usesTLS: Bool, opensEnvelopes: Bool = false,
    onlyAnswers: Bool = false, highestRate: Double? = nil, mostSent: Int64? = nil
  ) {
    self.mode = mode
    self.highestRate = highestRate
    self.mostSent = mostSent
    var kinds: Set<LatencyKind> = [.connect, .connack]
    var counts: Set<Metric.Count> = [.connections, .errors]
    if usesTLS { kinds.insert(.tls) }
    if mode != "conn", mode != "sub", !onlyAnswers {
      counts.formUnion([.sent, .unsent])
      if hasAcknowledgements {
        kinds.insert(.ack)
        if mode == "pub" { kinds.insert(.service) }
        counts.insert(.acked)
      }
    }
    if mode != "conn", mode != "pub" { kinds.insert(.suback) }
    if mode != "conn", mode != "pub", !onlyAnswers {
      kinds.formUnion([.delivery, .service])
      counts.formUnion([.received, .lost, .duplicates, .reordered])
      // Of another's messages a damaged header looks like none.
      if mode != "sub" || opensEnvelopes { counts.insert(.corrupted) }
    }
    self.kinds = kinds
    self.counts = counts
    switch mode {
    case "conn":
      mainLatency = .connack
      mainCount = .connections
    case "pub":
      mainLatency = hasAcknowledgements ? .ack : nil
      mainCount = hasAcknowledgements ? .acked : .sent
    default:
      mainLatency = onlyAnswers ? nil : .delivery
      mainCount = .received
    }
  }
}
