// `apus pub`: connect, send what there is, wait until all of it arrived.

import MQTTClient
import MQTTProtocol
import MQTTSession
import OptionTable
import Transport

/// One run of `apus pub`.
struct Publisher: ~Copyable {
  let settings: Settings
  let reporter: Reporter
  private let connecting: Connecting
  private let publication: Publication
  private var client: Client
  private var window: QoS2Window
  /// What `-f` names.
  private let file: InputFile?
  /// What the first message that was refused makes the exit status.
  private var refused: ExitStatus?
  private var published = 0

  /// Output that is worth a system call of its own.
  private static let block = 128 << 10
  /// How long a server may take to close after DISCONNECT.
  private static let patience = Duration.seconds(5)

  /// Connects.
  ///
  /// - Throws: when the topic is missing, the broker cannot be reached or refuses.
  init(_ settings: Settings, _ reporter: Reporter) throws(Failure) {
    guard let topic = settings.publishing.topic else {
      throw Failure(.usage, "a topic is needed: -t TOPIC")
    }
    // What cannot be read is found before the broker hears of us.
    var file: InputFile?
    if case .file(let path) = settings.publishing.source { file = try Self.open(path) }
    let connecting = Connecting(settings, stop: StopSignals.install())
    var client = try connecting.open(receiveMaximum: nil)
    if !settings.connection.isEager {
      do { try connecting.awaitConnAck(&client) } catch { throw connecting.failure(error) }
    }
    self.settings = settings
    self.reporter = reporter
    self.connecting = connecting
    window = QoS2Window(settings, &client.session)
    self.client = client
    self.file = file
    publication = Publication(
      topic: topic, qos: settings.qos, retain: settings.publishing.retain,
      properties: settings.properties[.publish] ?? .none, settings.connection.version)
  }

  /// Sends everything.
  ///
  /// - Returns: the exit status when nothing failed but messages that the server refused.
  mutating func run(_ source: Settings.PayloadSource) throws(Failure) -> ExitStatus {
    switch source {
    case .lines(let separator):
      try sendLines(LineReader(.standardInput, separator: separator))
    case .message(let payload): try send(payload)
    case .empty: try send([])
    case .file, .standardInput: try sendFile(file ?? .standardInput)
    }
    try finish()
    return refused ?? .success
  }

  // MARK: Lines

  private mutating func sendLines(_ lines: consuming LineReader) throws(Failure) {
    while true {
      while client.session.output.count < Self.block, let line = lines.first() {
        guard try publish(line) else { break }
        lines.removeFirst(line.count)
      }
      try exchange()
      if lines.isFinished, client.session.isSettled, client.session.output.isEmpty { return }
      let hasRoom = client.session.output.count < Self.block
      let hasLine = lines.first() != nil
      if hasLine, hasRoom, mayPublish { continue }
      let wantsLine = !hasLine && !lines.isAtEnd && hasRoom
      if wantsLine, lines.isRegularFile {
        try read(&lines)
      } else if try wait(other: wantsLine ? Watch(lines.descriptor, .readable) : nil) {
        try read(&lines)
      }
    }
  }

  private func read(_ lines: inout LineReader) throws(Failure) {
    do { try lines.read() } catch { throw Failure(.usage, "standard input: \(error)") }
  }

  // MARK: One message, once or repeated

  private mutating func send(_ payload: [UInt8]) throws(Failure) {
    try repeating { publisher throws(Failure) in
      while true {
        let isSent = try payload.withUnsafeBufferPointer { (bytes) throws(Failure) -> Bool in
          try publisher.publish(UnsafeRawBufferPointer(bytes))
        }
        if isSent { return }
        try publisher.exchange()
        if !publisher.mayPublish { _ = try publisher.wait() }
      }
    }
  }

  /// A large regular file is read and sent in blocks; anything else is held in memory.
  private mutating func sendFile(_ file: InputFile) throws(Failure) {
    guard let size = file.regularSize, size > 1 << 20, !settings.showsDebug else {
      let payload: [UInt8]
      do { payload = try file.readAll(limit: VariableByteInteger.maximum) } catch {
        throw Failure(.usage, "\(error)")
      }
      return try send(payload)
    }
    try repeating { publisher throws(Failure) in try publisher.stream(file, size) }
  }

  private mutating func stream(_ file: InputFile, _ size: Int) throws(Failure) {
    while !mayPublish || !client.session.output.isEmpty {
      try exchange()
      if !mayPublish || !client.session.output.isEmpty { _ = try wait() }
    }
    do { try client.session.publishStreaming(publication, payloadLength: size) } catch {
      throw Failure(error)
    }
    published += 1
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    defer { block.deallocate() }
    var offset = 0
    while client.session.payloadOwed > 0 {
      let count: Int
      do { count = try file.read(into: block, at: offset) } catch {
        throw Failure(.usage, "\(error)")
      }
      if count == 0 {
        // A message whose length is announced cannot be cut short: the server must not get any.
        client.abandon()
        throw Failure(.usage, "\(file.name): became shorter while it was sent")
      }
      offset += count
      client.session.appendPayload(UnsafeRawBufferPointer(rebasing: block[..<count]))
      try exchange()
      while client.session.output.count > 2 * Self.block {
        _ = try wait()
        try exchange()
      }
    }
  }

  /// Calls `send` as often as `--repeat` says, with the pause of `--repeat-delay` between.
  private mutating func repeating(
    _ send: (inout Publisher) throws(Failure) -> Void
  ) throws(Failure) {
    let delay = Duration.seconds(settings.publishing.repeatDelay)
    for round in 0..<settings.publishing.repeatCount {
      if round > 0, delay > .zero {
        try settle()
        let due = MonotonicClock.now() + delay
        while MonotonicClock.now() < due {
          try exchange()
          _ = try wait(until: due)
        }
      }
      try send(&self)
    }
    // At QoS 0 there is nothing to wait for: DISCONNECT leaves together with the last message.
    if settings.qos > .atMostOnce || client.session.output.count >= Self.block { try settle() }
  }

  /// Until everything is sent and acknowledged.
  private mutating func settle() throws(Failure) {
    while true {
      try exchange()
      if client.session.isSettled, client.session.output.isEmpty { return }
      _ = try wait()
    }
  }

  // MARK: Steps

  /// - Returns: false when the window is full.
  private mutating func publish(_ payload: UnsafeRawBufferPointer) throws(Failure) -> Bool {
    do {
      try client.session.publish(publication, payload)
    } catch {
      switch error {
      case .windowFull:
        window.isFull(&client.session)
        return false
      case .packetTooLarge where settings.publishing.source?.isLines ?? false:
        // One line that is too long doesn't keep the others from being sent.
        note(ExitStatus.packetTooLarge, "message \(published + 1): \(error)")
      default: throw Failure(error)
      }
    }
    published += 1
    return true
  }

  private var mayPublish: Bool { settings.qos == .atMostOnce || client.session.canPublish }

  /// Sends and receives what can be without waiting.
  private mutating func exchange() throws(Failure) {
    do {
      try client.checkStop()
      try client.flush()
      guard try client.fill() else { return }
      while let event = try client.nextEvent() {
        window.take(event, &client.session)
        if window.wantsReceiveMaximum {
          window.set(connecting.askReceiveMaximum(), &client.session)
        }
        if case .rejected(let answer) = event {
          note(
            .refused(answer.reason.rawValue),
            "message with packet identifier \(answer.packetID) refused by the server: "
              + "\(answer.reason)" + Failure.explanation(answer.properties))
        }
      }
      try client.flush()
    } catch {
      throw fail(error)
    }
  }

  /// - Returns: true when `other` is ready.
  private mutating func wait(
    other: Watch? = nil, until due: Instant? = nil
  ) throws(Failure) -> Bool {
    let deadline = connecting.deadline
    do {
      let wakeup = try client.wait(
        other: other, until: [due, deadline].compactMap { $0 }.min())
      if let deadline, wakeup.isLate, MonotonicClock.now() >= deadline { throw timeout() }
      return wakeup.other
    } catch let failure as Failure {
      throw failure
    } catch let failure as ClientFailure {
      throw fail(failure)
    } catch {
      throw Failure(.usage, "\(error)")
    }
  }

  private mutating func finish() throws(Failure) {
    do {
      try client.session.disconnect(Disconnect(.normalDisconnection, disconnectProperties))
    } catch {
      throw Failure(error)
    }
    do { try client.finish(within: Self.patience) } catch {
      // Above QoS 0 all is acknowledged, whatever happened afterwards.
      if settings.qos == .atMostOnce { throw connecting.failure(error) }
    }
  }

  private var disconnectProperties: Properties { settings.properties[.disconnect] ?? .none }

  // MARK: What goes wrong

  private mutating func note(_ status: ExitStatus, _ text: String) {
    reporter.say(text)
    if refused == nil { refused = status }
  }

  private mutating func timeout() -> Failure {
    try? client.session.disconnect()
    client.abandon()
    return Failure(.timedOut, "timed out")
  }

  private mutating func fail(_ failure: ClientFailure) -> Failure {
    if case .interrupted = failure { try? client.session.disconnect() }
    client.abandon()
    return connecting.failure(failure)
  }

  private static func open(_ path: Argument) throws(Failure) -> InputFile {
    do { return try InputFile(path: path.bytes, name: path.shown) } catch {
      throw Failure(.usage, "\(error)")
    }
  }
}

extension Settings.PayloadSource {
  fileprivate var isLines: Bool {
    if case .lines = self { true } else { false }
  }
}
