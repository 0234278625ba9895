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
      mostSent: mode == .sub ? nil : count)
    do { return try Gates(text, scope: scope) } catch { throw OptionError("--expect: \(error)") }
  }

  /// Messages a second of this shard; nil where there may be any number of them.
  private var highestRate: Double? {
    let asked = settings.benching
    // By chance there may be more, and a run that ends with its last message ends before the next is due.
    if asked.isPoisson || asked.count != nil || scenario != nil { return nil }
    guard let rate = asked.rate ?? asked.clientRate.map({ $0 * Double(crowd) }) else { return nil }
    let seconds = asked.duration ?? BenchPlan.usualDuration
    return (rate / Double(asked.shard.count) * seconds).rounded(.up) / seconds
  }
}
