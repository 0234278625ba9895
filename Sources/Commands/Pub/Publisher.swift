// `apus pub`: connect, send what there is, wait until all of it arrived.

import MQTTClient
import MQTTProtocol
import MQTTSession
import OptionTable
import Rendering
import Transport

/// One run of `apus pub`.
struct Publisher: ~Copyable {
  var settings: Settings { connecting.settings }
  let reporter: Reporter
  let connecting: Connecting
  var reconnecting: Reconnecting
  /// What the next message is published as.
  var publication: Publication
  let payload: Payload
  let sealer: MessageSealer?
  var messages: LineMessages
  var client: Client
  /// The window waits for the broker's word.
  private var mustAsk: Bool
  private var inquiry: Inquiry?
  /// What the first message that was refused makes the exit status.
  private var refused: ExitStatus?
  var published = 0
  /// Whether there was a message at QoS 0, and one above it.
  var usesQoS0 = false
  private var usesWindow = false

  /// Whether the server has acknowledged something on this connection, and how many connections in a row
  /// were lost without that: it may be a message that makes the server close.
  var hasProgressed = true
  var fruitless = 0
  static let mostFruitless = 5

  /// Output that is worth a system call of its own.
  static let block = 128 << 10

  /// Connects.
  ///
  /// - Throws: when there is nothing to publish, the broker cannot be reached or refuses.
  init(_ settings: Settings, _ reporter: Reporter) throws(Failure) {
    let topics = try settings.publishingTopics()
    let deadline = Connecting.deadline(settings)
    let stop = StopSignals.install()
    let sealer = try MessageSealer(settings, until: deadline, stop: stop)
    let payload = try Payload(settings, until: deadline, stop: stop)
    let connecting = Connecting(settings, until: deadline, stop: stop)
    var mustAsk = Inquiry.isNeeded(settings, payload)
    var window: Int?
    if mustAsk {
      window = 1
      if settings.connection.userName != nil {
        window = Inquiry.beforehand(connecting)
        mustAsk = false
      }
    }
    var client = try connecting.open(receiveMaximum: nil)
    if let window { client.session.limitWindow(to: window) }
    var reconnecting = Reconnecting(connecting, reporter)
    if !settings.connection.isEager {
      try reconnecting.awaitAcceptance(&client, persists: payload.isLines)
    }
    // Mosquitto's clients leave the flag out where a server knows no retained messages.
    let retains = settings.personality == .apus || client.session.limits.retainAvailable
    self.reporter = reporter
    self.connecting = connecting
    self.reconnecting = reconnecting
    self.payload = payload
    self.sealer = sealer
    self.client = client
    self.mustAsk = mustAsk
    messages = LineMessages(settings, topic: topics.usual)
    publication = Publication(
      topic: topics.first, qos: settings.qos, retain: settings.publishing.retain && retains,
      properties: settings.properties[.publish] ?? .none, settings.connection.version)
    if !payload.isLines || messages.arePlain { use(settings.qos) }
  }

  /// Sends everything.
  ///
  /// - Returns: the exit status when nothing failed but messages that the server refused.
  mutating func run() throws(Failure) -> ExitStatus {
    do throws(Failure) {
      switch payload {
      case .lines(let input, let separator):
        try sendLines(LineReader(input, separator: separator, limit: messages.limit))
      case .message(let bytes):
        var filling = settings.publishing.filling
        try repeating { publisher throws(Failure) in
          try publisher.send(try filling?.next() ?? bytes)
        }
      case .file(let file, let size):
        try repeating { publisher throws(Failure) in
          try publisher.stream(file.name, size) { (room, offset) throws(Failure) in
            do throws(TransportError) { return try file.read(into: room, at: offset) } catch {
              throw Failure(input: error)
            }
          }
        }
      }
      try finish()
    } catch {
      // An end in order where there can be one: the broker shall not publish the will for our fault.
      if error.partsInOrder(settings.personality) { try? client.session.disconnect() }
      client.abandon()
      throw error
    }
    return refused ?? .success
  }

  // MARK: Lines

  private mutating func sendLines(_ lines: consuming LineReader) throws(Failure) {
    while true {
      while hasRoom, let line = lines.first() {
        guard try publish(line: line) else { break }
        lines.removeFirst(line.count)
      }
      try exchange()
      if lines.isFinished, client.session.isSettled, client.session.output.isEmpty { return }
      let hasLine = lines.first() != nil
      if hasLine, hasRoom, mayPublish { continue }
      let wantsLine = !hasLine && !lines.isAtEnd && hasRoom
      if wantsLine, lines.isRegularFile {
        try lines.read(naming: place)
      } else if try wait(other: wantsLine ? Watch(lines.descriptor, .readable) : nil) {
        try lines.read(naming: place)
      }
    }
  }

  // MARK: Steps

  /// Until everything is sent and acknowledged.
  mutating func settle() throws(Failure) {
    while true {
      try exchange()
      if client.session.isSettled, client.session.output.isEmpty { return }
      _ = try wait()
    }
  }

  /// - Returns: false when the window is full.
  private mutating func publish(line: UnsafeRawBufferPointer) throws(Failure) -> Bool {
    if messages.arePlain { return try publish(line) }
    // Reading costs time: no line is read again and again while it has to wait.
    if !mayPublish {
      askOnce()
      return false
    }
    var payload: UnsafeRawBufferPointer?
    do throws(LineFault) { payload = try messages.read(line, &publication) } catch {
      note(.usage, "\(place): \(error.text)")
    }
    guard let payload else {
      published += 1
      return true
    }
    use(publication.qos)
    return try publish(payload)
  }

  /// What messages about the next message begin with.
  private var place: String { "\(messages.arePlain ? "message" : "line") \(published + 1)" }

  private mutating func use(_ qos: QoS) {
    if qos == .atMostOnce {
      usesQoS0 = true
      return
    }
    usesWindow = true
    // Nobody knew that one would come, and mosquitto drops what exceeds its limit: see Inquiry.
    if qos == .exactlyOnce, settings.qos < .exactlyOnce, settings.connection.version < .v5,
      settings.connection.window == nil
    {
      client.session.limitWindow(to: Inquiry.cautious)
    }
  }

  /// - Returns: false when the window is full.
  mutating func publish(_ payload: UnsafeRawBufferPointer) throws(Failure) -> Bool {
    if messages.promiseText, self.payload.isLines, !Payload.isText(payload) {
      note(
        .usage,
        "\(place) is not UTF-8 text, as payload-format-indicator 1 says")
    } else if let sealer {
      // What has to wait is not sealed again and again.
      if !mayPublish {
        askOnce()
        return false
      }
      let sealed: MessageSealer.Sealed
      do { sealed = try sealer.seal(publication, messages.properties, payload) } catch {
        guard self.payload.isLines else { throw error }
        note(error.status, "\(place): \(error.text)")
        published += 1
        return true
      }
      return try transmit(sealed.publication, sealed.payload)
    } else {
      return try transmit(publication, payload)
    }
    published += 1
    return true
  }

  /// - Returns: false when the window is full.
  private mutating func transmit(
    _ publication: Publication, _ payload: UnsafeRawBufferPointer
  ) throws(Failure) -> Bool {
    do {
      try client.session.publish(publication, payload)
    } catch {
      switch error {
      case .windowFull:
        askOnce()
        return false
      case .packetTooLarge where self.payload.isLines:
        // One line that is too long doesn't keep the others from being sent.
        note(
          .packetTooLarge,
          settings.personality == .apus
            ? "\(place): \(error)" : connecting.failure(error).text)
      case .qosNotSupported where !messages.arePlain,
        .retainNotSupported where !messages.arePlain:
        note(.notSupported, "\(place): \(error)")
      default: throw connecting.failure(error)
      }
    }
    published += 1
    return true
  }

  private mutating func askOnce() {
    guard mustAsk, client.session.phase == .connected else { return }
    mustAsk = false
    let inquiry = Inquiry(connecting)
    client.session.limitWindow(to: inquiry.receiveMaximum)
    // Kept until the end, when nobody waits for its leaving.
    self.inquiry = consume inquiry
  }

  var hasRoom: Bool { client.session.output.count < Self.block }
  var mayPublish: Bool { !usesWindow || client.session.canPublish }

  /// Sends and receives what can be without waiting.
  mutating func exchange() throws(Failure) {
    do throws(ClientFailure) {
      if try client.attend(until: connecting.limit(client)) { throw connecting.lateness(client) }
      try client.flush()
      guard try client.fill() else { return }
      while let event = try client.nextEvent() {
        hasProgressed = true
        fruitless = 0
        if case .rejected(let answer) = event { report(answer) }
      }
      try client.flush()
    } catch {
      try recover(from: error)
    }
  }

  /// - Returns: true when `other` is ready.
  mutating func wait(
    other: Watch? = nil, until due: Instant? = nil
  ) throws(Failure) -> Bool {
    do {
      let limit = [due, connecting.limit(client)].compactMap { $0 }.min()
      return try client.wait(other: other, until: limit).other
    } catch {
      try recover(from: error)
      return false
    }
  }

  // MARK: The end

  private mutating func finish() throws(Failure) {
    if client.session.lowersQoS, settings.personality == .apus {
      reporter.say("the server treats QoS 2 as QoS 1: all arrived, but may arrive twice")
    }
    let packet = connecting.parting()
    do { try client.session.disconnect(packet) } catch {
      if settings.personality == .apus { throw Failure(error) }
      client.session.disconnectWithoutExpiry(packet)
    }
    // Sent without waiting for CONNACK, it may still be refused.
    while client.session.phase == .connecting {
      try exchange()
      if client.session.phase == .connecting { _ = try wait() }
    }
    do { try client.finish(when: ending, within: connecting.patienceAtTheEnd) } catch {
      // Above QoS 0 all is acknowledged, whatever happened afterwards; and mosquitto_pub does not look.
      if usesQoS0, settings.personality == .apus { throw connecting.failure(error) }
    }
    inquiry?.end()
  }

  /// At QoS 0 a server in MQTT 5 may say what it thinks of a message only when it closes, and of many
  /// messages some may still be on their way.
  private var ending: Client.Ending {
    if !usesQoS0 { return .sent }
    return settings.connection.version < .v5 && published == 1 ? .delivered : .closed
  }

  private mutating func report(_ answer: Acknowledgement) {
    guard settings.personality == .apus else {
      // Mosquitto's exit status does not tell.
      let own = answer.properties.string(.reasonString).map { "\n\($0)" } ?? ""
      return reporter.say("Warning: Publish \(answer.packetID) failed: \(answer.reason).\(own)")
    }
    note(
      .refused(answer.reason.rawValue),
      "message with packet identifier \(answer.packetID) refused by the server: "
        + "\(answer.reason)" + Failure.explanation(answer.properties))
  }

  mutating func note(_ status: ExitStatus, _ text: String) {
    reporter.say(text)
    if refused == nil { refused = status }
  }
}
