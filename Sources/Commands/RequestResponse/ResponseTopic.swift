import MQTTProtocol

/// A topic for answers: they are published to it, and it is subscribed to.
struct ResponseTopic {
  let name: UTF8String
  let filter: TopicFilter

  /// - Returns: nil when it would be a shared subscription.
  init?(_ topic: TopicName) {
    guard let filter = try? TopicFilter(topic.string), !filter.isShared else { return nil }
    name = topic.string
    self.filter = filter
  }

  /// Makes one that nobody else uses.
  ///
  /// - Parameter information: what the server wants it to begin with (MQTT 5 §3.2.2.3.15).
  static func make(_ information: UTF8String?) -> ResponseTopic? {
    let unique = RandomText.letters(20)
    var base = information?.bytes ?? []
    if base.last != UInt8(ascii: "/") { base.append(UInt8(ascii: "/")) }
    let offered = base.count > 1 ? try? TopicName(base + unique) : nil
    let own = try? TopicName(Array("apus/rr/".utf8) + unique)
    return offered.flatMap { ResponseTopic($0) } ?? own.flatMap { ResponseTopic($0) }
  }
}
