// The answering side: where an answer goes, and how it gets there.

import MQTTProtocol
import MQTTSession
import Rendering
import Transport

/// Where a request wants its answer.
struct ReplyAddress {
  var topic: TopicName
  var correlation: [UInt8]?
}

/// Why a request cannot be answered.
struct Unanswerable: Error {
  let text: String
}

/// Publishes answers to requests.  MQTT 5 §4.10.
struct Answers {
  private let qos: QoS
  private let version: ProtocolVersion
  /// What every answer carries (`-D publish`).
  private let properties: Properties
  /// For requests that name no response topic (`-e`).
  private let usual: TopicName?
  private let sealer: MessageSealer?

  init(_ settings: Settings, until deadline: Duration?, stop: StopSignals?) throws(Failure) {
    sealer = try MessageSealer(settings, until: deadline, stop: stop)
    qos = settings.qos
    version = settings.connection.version
    properties = settings.properties[.publish] ?? .none
    usual = settings.requesting.responseTopic
  }

  /// - Throws: when the request names no topic to answer on, or one that nobody can publish to.
  func address(for request: ReceivedMessage) throws(Unanswerable) -> ReplyAddress {
    let correlation = request.bytes(of: .correlationData).map { [UInt8]($0) }
    guard let topic = request.bytes(of: .responseTopic) else {
      guard let usual else {
        throw Unanswerable(text: "not run: the request has no response topic")
      }
      return ReplyAddress(topic: usual, correlation: correlation)
    }
    do { return ReplyAddress(topic: try TopicName([UInt8](topic)), correlation: correlation) } catch
    {
      throw Unanswerable(
        text: "not run: '\(SafeText.escaped(topic))' is no response topic to publish to")
    }
  }

  /// - Returns: false when the window is full.
  /// - Throws: why it cannot be sent; nothing was.
  func publish(_ job: Job, _ session: inout Session) throws(Failure) -> Bool {
    guard let address = job.ticket.address else { return true }
    var properties = properties
    properties.set(address.correlation.flatMap { Property(.correlationData, $0) })
    let publication = Publication(
      topic: address.topic, qos: min(qos, session.limits.maximumQoS), retain: false,
      properties: properties, version)
    var payload = job.output.bytes
    var sent = publication
    if let sealer {
      // What has to wait is not sealed again and again.
      if publication.qos > .atMostOnce, !session.canPublish { return false }
      let sealed = try sealer.seal(publication, properties, payload)
      (sent, payload) = (sealed.publication, sealed.payload)
    }
    do { try session.publish(sent, payload) } catch {
      if error == .windowFull { return false }
      throw Failure(error)
    }
    return true
  }
}
