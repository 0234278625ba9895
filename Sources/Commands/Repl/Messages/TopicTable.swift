// The topics that a connection has seen.

import MQTTProtocol
import MQTTSession

/// What is known of each topic: bounded, so that those not heard of for longest are forgotten.
final class TopicTable {
  struct Topic {
    let name: [UInt8]
    fileprivate(set) var count = 0
    /// The beginning of the last payload, and its whole length.
    fileprivate(set) var value: [UInt8] = []
    fileprivate(set) var length = 0
    /// The last message was a retained one.
    fileprivate(set) var retain = false
    fileprivate(set) var rate = Rate()

    var last: Instant { rate.last }
  }

  private(set) var topics: [Topic] = []
  private var places: [[UInt8]: Int] = [:]
  /// Of the message before, whose topic is often the same.
  private var lastPlace = 0
  private var bytes = 0
  /// Topics that were forgotten.
  private(set) var forgotten = 0

  static let mostTopics = 20_000
  static let mostBytes = 4 << 20
  /// Bytes of a payload that are kept.
  static let mostValue = 64

  func add(_ message: ReceivedMessage, at now: Instant) {
    let place = place(of: message.topic)
    topics[place].count += 1
    topics[place].rate.add(at: now)
    topics[place].retain = message.retain
    topics[place].length = message.payload.count
    topics[place].value.removeAll(keepingCapacity: true)
    topics[place].value.append(contentsOf: message.payload.prefix(Self.mostValue))
  }

  private func place(of topic: UnsafeRawBufferPointer) -> Int {
    if topics.indices.contains(lastPlace), topic.elementsEqual(topics[lastPlace].name) {
      return lastPlace
    }
    let name = [UInt8](topic)
    if let place = places[name] {
      lastPlace = place
      return place
    }
    if topics.count == Self.mostTopics || bytes + name.count > Self.mostBytes { forget() }
    bytes += name.count
    places[name] = topics.count
    lastPlace = topics.count
    topics.append(Topic(name: name))
    return lastPlace
  }

  /// Forgets the quarter that was not heard of for longest.
  private func forget() {
    let kept = topics.sorted { $0.last > $1.last }.prefix(topics.count * 3 / 4)
    forgotten += topics.count - kept.count
    topics = Array(kept)
    places = [:]
    bytes = 0
    for (place, topic) in topics.enumerated() {
      places[topic.name] = place
      bytes += topic.name.count
    }
  }
}
