import LoadTest
import MQTTClient
import Transport

/// What `--prometheus` shows of a run while it goes on.
final class MetricsWindow {
  private let server: MetricsServer
  private let mode: String

  /// - Throws: when nobody can listen there.
  init(_ address: ListenAddress, mode: String) throws(Failure) {
    self.mode = mode
    do {
      server = MetricsServer(try Listener(host: address.host, port: address.port))
    } catch {
      throw Failure(.usage, "--prometheus: \(error)")
    }
  }

  func show(_ progress: Progress) {
    server.turn(at: MonotonicClock.now()) { [mode] in
      var results = Results(mode: mode)
      results.duration = Int64(progress.measured * 1e9)
      results.connections = Int64(progress.connected)
      results.messages.sent = Int64(progress.sent)
      results.messages.acked = Int64(progress.acked)
      results.messages.received = Int64(progress.received)
      if progress.errors > 0 { results.errors = ["": Int64(progress.errors)] }
      if let kind = progress.mainLatency { results.latencies[kind] = progress.latency }
      return results.metricsText
    }
  }
}
