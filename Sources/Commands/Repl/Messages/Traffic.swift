import MQTTSession

/// What went over a connection of the shell, in all and of late.
struct Traffic {
  private(set) var arrived = 0
  private(set) var arrivals = Rate()
  private(set) var arrivingBytes = Rate()
  private(set) var published = 0
  private(set) var publishing = Rate()

  /// - Parameter size: bytes of topic and payload.
  mutating func addArrival(_ size: Int, at now: Instant) {
    arrived += 1
    arrivals.add(at: now)
    arrivingBytes.add(size, at: now)
  }

  mutating func addPublished(at now: Instant) {
    published += 1
    publishing.add(at: now)
  }
}
