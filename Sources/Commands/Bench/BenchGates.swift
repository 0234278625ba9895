import LoadTest
import OptionTable

extension BenchLayout {
  /// What `--expect` asks for.
  ///
  /// - Throws: naming the gate that makes no sense for this run.
  func gates() throws(OptionError) -> Gates? {
    let asked = settings.benching
    guard let text = asked.expected else { return nil }
    let count = asked.count.map { Int64(asked.shard.share(of: Int($0)).count) }
    let scope = GateScope(
      mode: mode.rawValue, hasAcknowledgements: settings.qos != .atMostOnce,
      usesTLS: settings.connection.usesTLS, opensEnvelopes: settings.sealing.isReceiving,
      onlyAnswers: mode == .rr && crowd == 0, highestRate: highestRate,
      mostSent: mode == .sub ? nil : count ?? mostByRate)
    do { return try Gates(text, scope: scope) } catch { throw OptionError("--expect: \(error)") }
  }

  /// Messages a second of this shard; nil where there may be any number of them.
  private var highestRate: Double? {
    let asked = settings.benching
    // By chance there may be more, and a run that ends with its last message ends before the next is due.
    if asked.isPoisson || asked.count != nil || scenario != nil { return nil }
    let shares = Double(asked.shard.share(of: crowd).count)
    guard
      let rate = asked.rate.map({ $0 / Double(asked.shard.count) })
        ?? asked.clientRate.map({ $0 * shares })
    else { return nil }
    return (rate * seconds).rounded(.up) / seconds
  }

  private var mostByRate: Int64? {
    highestRate.map { Int64(min(1e15, ($0 * seconds).rounded())) }
  }

  private var seconds: Double { settings.benching.duration ?? BenchPlan.usualDuration }
}
