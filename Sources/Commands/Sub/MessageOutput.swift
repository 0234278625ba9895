// Received messages on their way to standard output.

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
  private let plain: PlainFormat
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

  init(_ settings: Settings.Subscribing, until deadline: Instant?) {
    format = settings.format
    format?.isPretty = settings.isPretty
    plain = PlainFormat(
      showsTopic: settings.isVerbose, endsWithNewline: settings.endsWithNewline)
    self.deadline = deadline
  }

  /// Adds a message.
  ///
  /// - Returns: why a part of it cannot be shown as the format wants it.
  mutating func append(
    _ message: ReceivedMessage, _ client: inout Client
  ) throws(ClientFailure) -> MessageFormat.Problem? {
    let problem = format?.append(MessageParts(message), to: &buffer)
    if format == nil { try appendPlain(message, &client) }
    plain.appendTail(to: &buffer)
    if buffer.count >= Self.block {
      try drain(&client)
      client.session.releaseAcknowledgements()
    }
    return problem ?? nil
  }

  /// Adds a line that belongs to the message before.
  mutating func append(line: String) { buffer.append(Array(line.utf8)) }

  /// A large payload is written from where it lies.
  private mutating func appendPlain(
    _ message: ReceivedMessage, _ client: inout Client
  ) throws(ClientFailure) {
    plain.appendHead(topic: message.topic, to: &buffer)
    if message.payload.count >= Self.block {
      try drain(&client)
      try write(message.payload, &client)
    } else {
      buffer.append(message.payload)
    }
  }

  /// Writes everything that was added.
  mutating func drain(_ client: inout Client) throws(ClientFailure) {
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
  fileprivate init(_ message: ReceivedMessage) {
    self.init(
      topic: message.topic, payload: message.payload, properties: message.properties,
      qos: message.qos, retain: message.retain, packetID: message.packetID?.rawValue ?? 0)
  }
}
