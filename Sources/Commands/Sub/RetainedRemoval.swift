// `--remove-retained`: what was shown is removed from the server.

import MQTTProtocol
import MQTTSession
import Transport

/// Retained messages on their way out: an empty retained message to each one's topic (MQTT 5 §3.3.1.3).
struct RetainedRemoval {
  private let filters: [TopicFilter]
  private let version: ProtocolVersion
  private var waiting: ArraySlice<TopicName> = []
  private(set) var hasBegun = false
  /// Removals that the server will send back to us, by their topics.  In MQTT 5 No Local spares us that.
  private var echoes: [[UInt8]: Echo] = [:]

  /// One for each subscription that matches, or one for all of them: servers differ.
  private struct Echo {
    var most: Int
    var until: Instant
  }

  /// After so long an empty message is somebody else's.
  private static let patience = Duration.seconds(10)

  /// False: removals that come back are messages like any other.
  private let hidesEchoes: Bool

  init(_ settings: Settings) {
    hidesEchoes = settings.personality == .apus
    filters = settings.subscribing.allFilters
    version = settings.connection.version
  }

  var isDone: Bool { waiting.isEmpty }

  /// To be called for a message that was shown; it leaves by `publish`, once it was also written.
  mutating func add(_ message: ReceivedMessage) {
    guard message.retain, !message.payload.isEmpty,
      let topic = try? TopicName([UInt8](message.topic))
    else { return }
    waiting.append(topic)
  }

  /// True when the message is one of our own removals, come back by our subscription.
  mutating func isEcho(_ message: ReceivedMessage) -> Bool {
    if echoes.isEmpty { return false }
    let topic = [UInt8](message.topic)
    guard var echo = echoes[topic] else { return false }
    guard message.payload.isEmpty, MonotonicClock.now() < echo.until else {
      echoes[topic] = nil
      return false
    }
    echo.most -= 1
    echoes[topic] = echo.most == 0 ? nil : echo
    return true
  }

  /// Publishes as many as the window allows.
  ///
  /// - Throws: why none can be removed; they are given up then.
  mutating func publish(_ session: inout Session) throws(Refusal) {
    while let topic = waiting.first {
      let removal = Publication(
        topic: topic, qos: min(.atLeastOnce, session.limits.maximumQoS), retain: true,
        properties: .none, version)
      do { try session.publish(removal, UnsafeRawBufferPointer(start: nil, count: 0)) } catch {
        if error == .windowFull { return }
        waiting = []
        throw error
      }
      waiting.removeFirst()
      hasBegun = true
      if version < .v5, hidesEchoes { expectEcho(of: topic) }
    }
  }

  private mutating func expectEcho(of topic: TopicName) {
    let matching = topic.string.bytes.withUnsafeBytes { name in
      filters.count { $0.matches(name) }
    }
    let until = MonotonicClock.now() + Self.patience
    echoes[topic.string.bytes, default: Echo(most: 0, until: until)].most += max(matching, 1)
  }
}
