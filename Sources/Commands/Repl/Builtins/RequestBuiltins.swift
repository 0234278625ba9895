// rr: a request, and its answer.

import MQTTProtocol
import MQTTSession
import OptionTable
import Rendering
import Transport

extension Option {
  /// The options of `apus rr` that are about one request.
  static var shellRequestTable: [Option] {
    let wanted = [
      "topic", "e", "any", "timeout", "W", "latency", "message", "file", "null-message", "qos",
      "property", "binary", "allow-control-characters", "verbose", "F", "pretty", "raw", "N",
    ]
    return requestTable.filter { wanted.contains($0.description.key) } + endings
  }
}

extension Shell {
  func request(_ call: Builtin.Call) throws(Failure) {
    var settings = call.settings
    try checkCount(call.operands, atMost: 0, "rr")
    let connection = try needsConnection("rr")
    try settings.checkVersion(connection, "rr")
    let topic: TopicName
    do throws(OptionError) {
      guard settings.publishing.sourceCount == 1 else {
        throw OptionError("one message is needed: -m, -f or -n")
      }
      topic = try settings.oneTopic()
      if connection.version != .v5 {
        if settings.requesting.responseTopic == nil {
          throw OptionError("below MQTT 5 -e TOPIC has to say where the answer comes")
        }
        settings.requesting.takesAny = true
      }
    } catch {
      throw Failure(.usage, "rr: \(error.text)")
    }
    let deadline = Self.deadline(of: settings)
    _ = try standingConnection("rr", until: deadline)
    let answers = try responseTopic(settings, on: connection)
    let payload = try payload(settings)
    let correlation = settings.correlates ? Correlation() : nil
    var properties = settings.properties[.publish] ?? .none
    if connection.version == .v5 {
      if !properties.contains(.responseTopic) {
        properties.set(Property(.responseTopic, answers.name))
      }
      properties.set(correlation?.property(of: 1))
    }
    let publication = Publication(
      topic: topic, qos: settings.qos, retain: false, properties: properties, connection.version)
    try subscribe(to: answers, settings, on: connection, until: deadline)
    var answer: KeptMessage?
    connection.interceptor = { message in
      guard message.topic.elementsEqual(answers.filter.bytes) else { return false }
      if answer == nil, !message.retain,
        Self.isAnswer(message, correlation, settings.properties[.publish])
      {
        answer = KeptMessage(message)
      }
      return true
    }
    defer { connection.interceptor = nil }
    let began = MonotonicClock.now()
    try publish(publication, payload, "rr", until: deadline)
    let isThere = try pump(until: deadline) { () throws(Failure) in
      if connection.isClosed { throw Failure(.connectionLost, "rr: not connected") }
      return answer != nil
    }
    guard isThere, let answer else { throw Failure(.timedOut, "rr: no answer in time") }
    show(answer.message, MessageView(settings), connection)
    if settings.requesting.showsLatency { emit((MonotonicClock.now() - began).latencyLine) }
  }

  private static func deadline(of settings: Settings) -> Instant? {
    let limits = [settings.timeout, settings.requesting.timeout].compactMap { $0 }
    return limits.min().map { MonotonicClock.now() + .seconds($0) }
  }

  private static func isAnswer(
    _ message: ReceivedMessage, _ correlation: Correlation?, _ properties: Properties?
  ) -> Bool {
    let data = message.bytes(of: .correlationData)
    if let correlation { return data.flatMap { correlation.number(in: $0) } == 1 }
    guard let fixed = properties?.binary(.correlationData) else { return true }
    return data?.elementsEqual(fixed) ?? false
  }

  /// As the options say, or one that this connection keeps for itself.
  private func responseTopic(
    _ settings: Settings, on connection: ShellConnection
  ) throws(Failure) -> ResponseTopic {
    if let asked = settings.askedResponseTopic {
      guard let topic = ResponseTopic(asked) else {
        throw Failure(.usage, "rr: the response topic cannot be a shared subscription")
      }
      return topic
    }
    let information = connection.client.session.limits.responseInformation
    guard let topic = connection.responseTopic ?? ResponseTopic.make(information) else {
      throw Failure(.usage, "rr: no response topic: give one with -e")
    }
    connection.responseTopic = topic
    return topic
  }

  /// Unless it is subscribed to already.
  private func subscribe(
    to answers: ResponseTopic, _ settings: Settings, on connection: ShellConnection,
    until deadline: Instant?
  ) throws(Failure) {
    if connection.subscriptions[answers.filter] != nil { return }
    var call = Builtin.Call()
    call.settings = settings
    call.settings.subscribing.filters = [answers.filter]
    call.settings.properties[.publish] = nil
    try subscribe(call, until: deadline)
  }
}
