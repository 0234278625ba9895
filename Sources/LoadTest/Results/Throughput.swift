/// What went through in some time.
package struct Throughput: Hashable, Sendable {
  package var sent: Int64 = 0
  package var acked: Int64 = 0
  package var received: Int64 = 0
  /// Of payloads.
  package var bytesSent: Int64 = 0
  package var bytesReceived: Int64 = 0

  package init() {}

  static let members: [(name: String, path: WritableKeyPath<Self, Int64> & Sendable)] = [
    ("sent", \.sent), ("acked", \.acked), ("received", \.received), ("bytes_sent", \.bytesSent),
    ("bytes_received", \.bytesReceived),
  ]

  @inline(__always)
  mutating func add(sent bytes: Int) {
    sent += 1
    bytesSent += Int64(bytes)
  }

  @inline(__always)
  mutating func add(received bytes: Int) {
    received += 1
    bytesReceived += Int64(bytes)
  }

  mutating func add(_ other: Self) {
    for (_, path) in Self.members { self[keyPath: path].addClamping(other[keyPath: path]) }
  }

  /// What is left of all of it without a part.
  func without(_ part: Self) -> Self {
    var rest = self
    for (_, path) in Self.members {
      rest[keyPath: path] = max(0, self[keyPath: path] - part[keyPath: path])
    }
    return rest
  }
}
