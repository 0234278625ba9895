// pub.

import MQTTProtocol
import MQTTSession
import OptionTable
import Transport

extension Option {
  /// The options of `apus pub` that are about one message.
  static var shellPublishTable: [Option] {
    let wanted = ["topic", "message", "file", "null-message", "retain", "repeat", "repeat-delay"]
    let message = messageOptions.filter { wanted.contains($0.description.long ?? "") }
    return message + messageSessionOptions
      + sealingOptions.filter { $0.description.commands.contains(.pub) } + endings
  }

  /// The options of a session that are about one packet.
  static var messageSessionOptions: [Option] {
    let wanted = ["qos", "property", "binary", "timeout", "allow-control-characters"]
    return sessionOptions.filter { wanted.contains($0.description.long ?? "") }
  }
}

extension Settings {
  /// What commands on a connection begin with.
  static func on(_ connection: ShellConnection?) -> Settings {
    var settings = Settings()
    if let connection { settings.connection.version = connection.version }
    return settings
  }

  /// - Throws: where the options need another version of MQTT than the connection has.
  func checkVersion(_ connection: ShellConnection, _ command: String) throws(Failure) {
    if self.connection.version == connection.version { return }
    throw Failure(
      .usage, "\(command): properties need a connection with MQTT 5: 'connect -V 5'")
  }
}

extension Shell {
  func publish(_ call: Builtin.Call) throws(Failure) {
    let settings = call.settings
    try checkCount(call.operands, atMost: 0, "pub")
    let topic: TopicName
    do throws(OptionError) {
      guard settings.publishing.sourceCount == 1 else {
        throw OptionError(
          settings.publishing.sourceCount == 0
            ? "a message is needed: one of -m, -f and -n"
            : "only one of -m, -f and -n can be used at once")
      }
      topic = try settings.oneTopic()
      try settings.checkCharacters(of: topic.string, "topic")
      try settings.checkSealing()
    } catch {
      throw Failure(.usage, "pub: \(error.text)")
    }
    let connection = try needsConnection("pub")
    try settings.checkVersion(connection, "pub")
    let payload = try payload(settings)
    let properties = settings.properties[.publish] ?? .none
    let publication = Publication(
      topic: topic, qos: settings.qos, retain: settings.publishing.retain, properties: properties,
      connection.version)
    let deadline = Connecting.deadline(settings)
    let sealer = try MessageSealer(settings, until: deadline, stop: stop)
    var filling = settings.publishing.filling
    for round in 0..<settings.publishing.repeatCount {
      if round > 0 {
        let pause = Duration.seconds(settings.publishing.repeatDelay)
        if pause > .zero { try pump(until: MonotonicClock.now() + pause) { false } }
      }
      var bytes = try filling?.next() ?? payload
      if let sealer {
        let sealed = try bytes.withUnsafeBufferPointer { (plain) throws(Failure) in
          try sealer.seal(publication, properties, UnsafeRawBufferPointer(plain))
        }
        bytes = [UInt8](sealed.payload)
        try publish(sealed.publication, bytes, "pub", until: deadline)
      } else {
        try publish(publication, bytes, "pub", until: deadline)
      }
    }
  }

  func payload(_ settings: Settings) throws(Failure) -> [UInt8] {
    switch settings.publishing.source {
    case .message(let bytes): return bytes
    case .file(let path):
      do {
        return try InputFile(path: path.bytes, name: path.shown)
          .readAll(limit: VariableByteInteger.maximum, until: nil, stop: stop)
      } catch { throw Failure(input: error) }
    default: return []
    }
  }

  /// Publishes a message and waits until it is where its QoS wants it.
  func publish(
    _ publication: Publication, _ payload: [UInt8], _ command: String, until deadline: Instant?
  ) throws(Failure) {
    let connection = try standingConnection(command, until: deadline)
    var id: PacketID?
    let isSent = try pump(until: deadline) { () throws(Failure) in
      do throws(Refusal) {
        id = try connection.publish(publication, payload)
        return true
      } catch {
        if error == .windowFull { return false }
        throw Failure(error, in: command)
      }
    }
    if !isSent { throw Failure(.timedOut, "\(command): timed out") }
    guard let id else {
      let isGone = try pump(until: deadline) { () throws(Failure) in
        connection.client.session.output.isEmpty || !connection.isConnected
      }
      if !isGone { throw Failure(.timedOut, "\(command): timed out") }
      return
    }
    switch try answer(to: id, on: connection, command, until: deadline) {
    case .acknowledged, .unmatched, .subscription: return
    case .rejected(let answer):
      throw Failure(
        .refused(answer.reason.rawValue),
        "\(command): refused by the server: \(answer.reason)"
          + Failure.explanation(answer.properties))
    case .lost:
      throw Failure(
        .connectionLost,
        "\(command): the connection was lost before the message was acknowledged; it is sent again")
    }
  }

  /// Waits for the answer to a packet.
  func answer(
    to id: PacketID, on connection: ShellConnection, _ command: String, until deadline: Instant?
  ) throws(Failure) -> ShellAnswers.Answer {
    connection.answers.await(id)
    defer { connection.answers.forget(id) }
    try pump(until: deadline) { () throws(Failure) in connection.answers[id] != nil }
    if let answer = connection.answers[id] { return answer }
    throw Failure(.timedOut, "\(command): no answer in time")
  }
}

extension Failure {
  /// What the server or the connection does not take, as a command says it.
  init(_ refusal: Refusal, in command: String) {
    self.init(refusal)
    text = "\(command): \(text)"
  }
}
