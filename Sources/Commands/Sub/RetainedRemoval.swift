// `--remove-retained`: what was shown is removed from the server.

import MQTTProtocol
import MQTTSession

/// Retained messages on their way out: an empty retained message to each one's topic (MQTT 5 §3.3.1.3).
struct RetainedRemoval {
  private var waiting: ArraySlice<TopicName> = []
  /// Topics of removals that the server will send back to us, with how many are to come.
  private var echoes: [[UInt8]: Int] = [:]

  var isDone: Bool { waiting.isEmpty }

  mutating func add(_ message: ReceivedMessage) {
    guard message.retain, !message.payload.isEmpty,
      let topic = try? TopicName([UInt8](message.topic))
    else { return }
    waiting.append(topic)
  }

  /// True when the message is one of our own removals, come back by our subscription.
  mutating func isEcho(_ message: ReceivedMessage) -> Bool {
    guard message.payload.isEmpty, !echoes.isEmpty else { return false }
    let topic = [UInt8](message.topic)
    guard let count = echoes[topic] else { return false }
    echoes[topic] = count == 1 ? nil : count - 1
    return true
  }

  /// Publishes as many as the window allows.
  ///
  /// - Throws: why none can be removed; they are given up then.
  mutating func publish(_ session: inout Session) throws(Refusal) {
    while let topic = waiting.first {
      let removal = Publication(
        topic: topic, qos: min(.atLeastOnce, session.limits.maximumQoS), retain: true,
        properties: .none, session.version)
      do { try session.publish(removal, UnsafeRawBufferPointer(start: nil, count: 0)) } catch {
        if error == .windowFull { return }
        waiting = []
        throw error
      }
      waiting.removeFirst()
      echoes[topic.string.bytes, default: 0] += 1
    }
  }
}
