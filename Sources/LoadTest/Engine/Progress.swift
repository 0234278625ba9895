/// How far a run is.
package struct Progress: Equatable, Sendable {
  package var stage = "connecting"
  /// Seconds since the phases began, and since the measured time did; 0 before.
  package var elapsed = 0.0
  package var measured = 0.0
  package var connected = 0
  package var clients = 0
  package var sent = 0
  package var acked = 0
  package var received = 0
  package var errors = 0
  package var mainLatency: LatencyKind?
  /// Of the main kind, over the seconds that nobody adds to any more; as exact as a second's.
  package var latency = LatencyHistogram(numberOfSignificantValueDigits: .two)

  package init() {}
}
