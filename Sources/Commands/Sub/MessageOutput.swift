// Received messages on their way to standard output.

import Glibc
import MQTTClient
import MQTTProtocol
import MQTTSession
import Rendering
import Transport

/// Collects what is to be written and writes it in large blocks, keeping the connection alive when the
/// reader is slow.
///
/// A stop signal or the end of the time waits for the reader a little: what was begun ought to be whole.
struct MessageOutput: ~Copyable {
  private var format: MessageFormat?
  private var plain: PlainFormat
  /// In place of messages one behind the other.
  private var view: LiveView?
  /// For `--ack read`.
  private var progress: ReaderProgress?
  private let isDropIn: Bool
  private let deadline: Instant?
  private var buffer = ByteBuffer(capacity: 64 << 10)
  private let file = OutputFile.standardOutput
  /// When the reader has had its last chance, once a signal or the deadline came: it moves on as long
  /// as the reader does, up to the end of it all.
  private var lastChance: Instant?
  private var endOfAll: Instant?
  /// A stop signal came while the reader was waited for.
  private(set) var wasInterrupted = false
  /// Nothing more can be written.
  private var isOver = false

  /// More than this is written without waiting for the socket to run dry.
  private static let block = 128 << 10
  private static let grace = Duration.seconds(1)
  private static let patience = Duration.seconds(5)

  init(_ settings: Settings, until deadline: Instant?) {
    let asked = settings.subscribing
    self.deadline = deadline
    isDropIn = settings.personality != .apus
    let isTerminal = isatty(1) == 1
    format = asked.format
    // Under our own name a screen of payloads says whose they are.
    let namesTopic = asked.isWatching && !isDropIn
    plain = PlainFormat(
      showsTopic: asked.isVerbose || namesTopic, endsWithNewline: asked.endsWithNewline)
    var exposure = asked.isWatching ? Exposure.line : isTerminal ? .terminal : .exact
    if asked.isRaw { exposure.payload = .none }
    plain.exposure = exposure
    format?.exposure = exposure
    format?.isPretty = asked.isPretty
    view = LiveView(settings, isTerminal: isTerminal)
    progress = asked.acknowledging == .read ? ReaderProgress() : nil
  }

  /// Adds a message.
  ///
  /// - Returns: why a part of it cannot be shown as the format wants it.
  mutating func append(
    _ message: ReceivedMessage, _ client: inout Client
  ) throws(ClientFailure) -> MessageFormat.Problem? {
    if view != nil { return show(message) }
    let mark = buffer.count
    let problem = format?.append(MessageParts(message), to: &buffer) ?? nil
    if problem != nil, !isDropIn {
      // Half a line would be worse than none.
      buffer.truncate(to: mark)
      return problem
    }
    if format == nil, isDropIn, message.payload.isEmpty {
      plain.appendNull(topic: message.topic, to: &buffer)
    } else {
      if format == nil { try appendPlain(message, &client) }
      plain.appendTail(to: &buffer)
    }
    if buffer.count >= Self.block { try drain(&client) }
    return problem
  }

  /// Adds a line that belongs to the message before.
  mutating func append(line: String) { buffer.append(Array(line.utf8)) }

  /// A large payload is written from where it lies, or in pieces where it has to be escaped.
  private mutating func appendPlain(
    _ message: ReceivedMessage, _ client: inout Client
  ) throws(ClientFailure) {
    plain.appendHead(topic: message.topic, to: &buffer)
    if message.payload.count < Self.block {
      plain.append(payload: message.payload, to: &buffer)
    } else if plain.exposure.payload == .none {
      try drain(&client)
      try write(message.payload, &client)
    } else {
      var rest = message.payload
      while !rest.isEmpty, !isOver {
        let piece = rest.prefix(Self.endOfCharacter(in: rest, before: Self.block))
        plain.append(payload: UnsafeRawBufferPointer(rebasing: piece), to: &buffer)
        rest = UnsafeRawBufferPointer(rebasing: rest[piece.endIndex...])
        try drain(&client)
      }
    }
  }

  /// The last place up to `limit` that is not in the middle of a character of UTF-8.
  private static func endOfCharacter(
    in bytes: UnsafeRawBufferPointer, before limit: Int
  ) -> Int {
    if bytes.count <= limit { return bytes.count }
    // No character has more than three bytes of the form 10xxxxxx behind its first.
    return (limit - 3...limit).last { bytes[$0] & 0xc0 != 0x80 } ?? limit
  }

  // MARK: --watch and --message-rate

  private mutating func show(_ message: ReceivedMessage) -> MessageFormat.Problem? {
    var problem: MessageFormat.Problem??
    view?.add(message.topic, to: &buffer) { [plain] text in
      problem = format?.append(MessageParts(message), to: &text)
      guard format == nil else { return }
      plain.appendHead(topic: message.topic, to: &text)
      plain.append(payload: message.payload, to: &text)
    }
    return problem ?? nil
  }

  /// When there is something to say without a message.
  var due: Instant? { view?.due ?? progress?.due }

  /// Writes everything, and leaves the cursor below what `--watch` shows.
  mutating func finish(_ client: inout Client) throws(ClientFailure) {
    try drain(&client)
    view?.finish(&buffer)
    view = nil
    try settle(&client)
    if client.isOpen { try awaitReader(&client) }
  }

  /// For `--ack read`.  What is not read in time stays unacknowledged.
  private mutating func awaitReader(_ client: inout Client) throws(ClientFailure) {
    while !isOver, let due = progress?.due {
      let limit = lastChance ?? deadline
      if let limit, MonotonicClock.now() >= limit { return }
      do throws(ClientFailure) {
        _ = try client.wait(reading: false, until: min(due, limit ?? due))
      } catch .interrupted {
        client.ignoreStop()
        hurry(interrupted: true)
      }
      try settle(&client)
    }
  }

  // MARK: Writing

  /// Writes everything that was added, and acknowledges what has reached whom it should.
  mutating func settle(_ client: inout Client) throws(ClientFailure) {
    try drain(&client)
    if isOver { return }
    guard progress != nil else { return client.session.releaseAcknowledgements() }
    do { try progress?.release(&client.session, file) } catch {
      isOver = true
      throw .transport(error)
    }
  }

  /// Writes everything that was added.
  mutating func drain(_ client: inout Client) throws(ClientFailure) {
    view?.update(&buffer)
    while !buffer.isEmpty, !isOver {
      let count = try writeOnce(buffer.bytes, &client)
      buffer.removeFirst(count)
    }
  }

  /// The run is over: the reader has its last chance from now on.
  mutating func hurry(interrupted: Bool) {
    wasInterrupted = wasInterrupted || interrupted
    if lastChance != nil { return }
    let now = MonotonicClock.now()
    lastChance = now + Self.grace
    endOfAll = now + Self.patience
  }

  private mutating func write(
    _ bytes: UnsafeRawBufferPointer, _ client: inout Client
  ) throws(ClientFailure) {
    var rest = bytes
    while !rest.isEmpty, !isOver {
      let count = try writeOnce(rest, &client)
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  private mutating func writeOnce(
    _ bytes: UnsafeRawBufferPointer, _ client: inout Client
  ) throws(ClientFailure) -> Int {
    do {
      if case .bytes(let count) = try file.write(bytes) {
        if let endOfAll { lastChance = min(endOfAll, MonotonicClock.now() + Self.grace) }
        return count
      }
    } catch {
      isOver = true
      throw .transport(error)
    }
    try client.flush()
    try waitForReader(&client)
    return 0
  }

  private mutating func waitForReader(_ client: inout Client) throws(ClientFailure) {
    var isInterrupted = false
    do throws(ClientFailure) {
      let limit = lastChance ?? deadline
      let watch = Watch(file.descriptor, .writable)
      if !(try client.wait(other: watch, reading: false, until: limit).isLate) { return }
    } catch .interrupted {
      isInterrupted = true
      client.ignoreStop()
    }
    if lastChance != nil, !isInterrupted {
      isOver = true
      throw wasInterrupted ? .outputNotRead : .timedOut
    }
    hurry(interrupted: isInterrupted)
  }
}

extension MessageParts {
  init(_ message: ReceivedMessage) {
    self.init(
      topic: message.topic, payload: message.payload, properties: message.properties,
      qos: message.qos, retain: message.retain, packetID: message.packetID?.rawValue ?? 0)
  }
}
