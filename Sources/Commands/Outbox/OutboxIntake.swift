// From standard input or an option into an outbox.

import MQTTProtocol
import MQTTSession
import Outbox
import Transport

/// Stores what there is to publish: one message, or lines as they are read.
final class OutboxIntake {
  private let settings: Settings
  private let reporter: Reporter
  private let store: MessageStore
  /// The folder holds sealed messages, and never what is in them.
  private let sealer: MessageSealer?
  private let terms: MessageStore.Terms
  /// The only message, until it is stored.
  private var single: [UInt8]?
  private let readsLines: Bool
  private var lines: LineReader
  private var messages: LineMessages
  private var publication: Publication
  /// Lines that were taken, those that are no messages among them.
  private var count = 0
  /// Bytes of the line that is being stored; it leaves the reader when the next one is asked for.
  private var pending: Int?

  /// Numbers of the messages that were stored, and of others' between them.
  private(set) var numbers: Range<Int64>?
  private(set) var stored = 0
  /// What the first line that is no message makes the exit status.
  private(set) var refused: ExitStatus?

  init(
    _ settings: Settings, _ reporter: Reporter, _ store: MessageStore, until deadline: Instant?,
    stop: StopSignals
  ) throws(Failure) {
    let topics = try settings.publishingTopics()
    self.settings = settings
    self.reporter = reporter
    self.store = store
    sealer = try MessageSealer(settings, until: deadline, stop: stop)
    terms = MessageStore.Terms(
      mostBytes: settings.outboxing.mostBytes, mostSeconds: settings.outboxing.mostSeconds)
    messages = LineMessages(settings, topic: topics.usual)
    publication = Publication(
      topic: topics.first, qos: settings.qos, retain: settings.publishing.retain,
      properties: settings.properties[.publish] ?? .none, settings.connection.version)
    let payload = try Payload(settings, until: deadline, stop: stop)
      .held(until: deadline, stop: stop)
    readsLines = payload.isLines
    var (input, separator) = (InputFile.standardInput, UInt8(ascii: "\n"))
    switch payload {
    case .lines(let file, let end): (input, separator) = (file, end)
    case .message(let bytes): single = bytes
    case .file: break
    }
    lines = LineReader(input, separator: separator, limit: messages.limit)
  }

  /// Everything is stored.
  var isFinished: Bool { readsLines ? lines.isFinished : single == nil }

  /// What to wait for before `read` is called; nil where there is nothing to wait for.
  var watch: Watch? {
    readsLines && !lines.isAtEnd ? Watch(lines.descriptor, .readable) : nil
  }

  /// Reads once.
  func read() throws(Failure) { try lines.read(naming: "line \(count + 1)") }

  /// Stores all that was read, in one commit.
  func storeAvailable() throws(Failure) {
    do throws(StoreFailure) {
      if let payload = single {
        single = nil
        try storeSingle(payload)
      } else if readsLines, lines.first() != nil {
        let (numbers, full) = try store.store(terms) { nextLine() }
        try note(numbers, full)
      }
    } catch { throw Failure(error, store.folder) }
    if let unsealed { throw unsealed }
  }

  /// Why the only message cannot be sealed.
  private var unsealed: Failure?

  private func storeSingle(_ payload: [UInt8]) throws(StoreFailure) {
    var rest = settings.publishing.repeatCount
    let properties = settings.properties[.publish] ?? .none
    let (numbers, full) = try payload.withUnsafeBufferPointer { bytes throws(StoreFailure) in
      try store.store(terms) {
        rest -= 1
        if rest < 0 { return nil }
        do throws(Failure) { return try message(properties, UnsafeRawBufferPointer(bytes)) } catch {
          unsealed = error
          return nil
        }
      }
    }
    try note(numbers, full)
  }

  private func note(
    _ new: Range<Int64>, _ full: StoreFailure?
  ) throws(StoreFailure) {
    if !new.isEmpty { numbers = (numbers?.lowerBound ?? new.lowerBound)..<new.upperBound }
    stored += new.count
    if let full { throw full }
  }

  private typealias Entry = (message: StoredMessage, payload: UnsafeRawBufferPointer)

  private func nextLine() -> Entry? {
    while true {
      if let pending { lines.removeFirst(pending) }
      pending = nil
      guard let line = lines.first() else { return nil }
      pending = line.count
      count += 1
      do throws(Failure) {
        if let entry = try entry(line) { return entry }
      } catch {
        reporter.say("line \(count): \(error.text)")
        if refused == nil { refused = error.status }
      }
    }
  }

  /// - Returns: nil for a line with nothing in it.
  private func entry(_ line: UnsafeRawBufferPointer) throws(Failure) -> Entry? {
    let payload: UnsafeRawBufferPointer?
    do throws(LineFault) { payload = try messages.read(line, &publication) } catch {
      throw Failure(.usage, error.text)
    }
    guard let payload else { return nil }
    if messages.promiseText, !Payload.isText(payload) {
      throw Failure(.usage, "not UTF-8 text, as payload-format-indicator 1 says")
    }
    return try message(messages.properties, payload)
  }

  /// Topic aliases belong to a connection, and are left out.
  ///
  /// - Returns: a payload that is valid until the next call.
  private func message(
    _ properties: Properties, _ payload: UnsafeRawBufferPointer
  ) throws(Failure) -> Entry {
    let sealed = try sealer?.seal(publication, properties, payload)
    var kept = sealed?.properties ?? properties
    kept.remove(.topicAlias)
    var buffer = ByteBuffer()
    if !kept.isEmpty { kept.encode(into: &buffer) }
    let message = StoredMessage(
      topic: publication.topic.bytes, qos: publication.qos, retain: publication.isRetained,
      properties: buffer.array, payload: [])
    return (message, sealed?.payload ?? payload)
  }
}
