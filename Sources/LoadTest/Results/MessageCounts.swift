/// What became of the messages of the measured time.
package struct MessageCounts: Hashable, Sendable {
  /// Taken by the connection.
  package var sent: Int64 = 0
  /// Due, and not sent when the run was over.
  package var unsent: Int64 = 0
  /// Acknowledged by PUBACK or PUBCOMP.
  package var acked: Int64 = 0
  package var received: Int64 = 0
  /// Due at a subscriber, sent or not, and not there when the stragglers' time was over.
  package var lost: Int64 = 0
  package var duplicates: Int64 = 0
  /// With a number below the highest one seen before (RFC 4737 §3.3).
  package var reordered: Int64 = 0
  package var corrupted: Int64 = 0

  package init() {}

  static let members: [(name: String, path: WritableKeyPath<Self, Int64> & Sendable)] = [
    ("sent", \.sent), ("unsent", \.unsent), ("acked", \.acked), ("received", \.received),
    ("lost", \.lost),
    ("duplicates", \.duplicates), ("reordered", \.reordered), ("corrupted", \.corrupted),
  ]

  /// Lost messages as a share of those that were due at subscribers.
  package var loss: Double {
    let arrived = Double(received) - Double(duplicates)
    return lost == 0 ? 0 : Double(lost) / Swift.max(Double(lost), Double(lost) + arrived)
  }

  mutating func add(_ other: Self) {
    for (_, path) in Self.members { self[keyPath: path].addClamping(other[keyPath: path]) }
  }
}

extension Int64 {
  /// Adds, and stays at the highest number instead of passing it.
  mutating func addClamping(_ other: Int64) {
    let (sum, overflow) = addingReportingOverflow(other)
    self = overflow ? .max : sum
  }
}
