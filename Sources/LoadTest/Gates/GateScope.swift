/// What a run is going to measure: gates about anything else make no sense.
package struct GateScope: Hashable, Sendable {
  let mode: String
  let kinds: Set<LatencyKind>
  let counts: Set<Metric.Count>
  /// What a name without a kind of latency is about.
  let mainLatency: LatencyKind?
  /// What `rate` counts.
  let mainCount: Metric.Count
  /// No more than this can be counted in a second; nil when there is no bound.
  let highestRate: Double?

  /// - Parameters:
  ///   - mode: the word behind `apus bench`.
  ///   - hasAcknowledgements: QoS 1 or 2.
  ///   - usesTLS: handshakes are measured.
  ///   - highestRate: of `rate`, by the run's own settings.
  package init(
    mode: String, hasAcknowledgements: Bool, usesTLS: Bool, highestRate: Double? = nil
  ) {
    self.mode = mode
    self.highestRate = highestRate
    var kinds: Set<LatencyKind> = [.connect, .connack]
    var counts: Set<Metric.Count> = [.connections, .errors]
    if usesTLS { kinds.insert(.tls) }
    if mode != "conn", mode != "sub" {
      counts.insert(.sent)
      if hasAcknowledgements {
        kinds.insert(.ack)
        counts.insert(.acked)
      }
    }
    if mode != "conn", mode != "pub" {
      kinds.formUnion([.delivery, .service, .suback])
      counts.formUnion([.received, .lost, .duplicates, .reordered, .corrupted])
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
      mainLatency = .delivery
      mainCount = .received
    }
  }
}
