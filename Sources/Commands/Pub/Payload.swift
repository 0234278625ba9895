// What there is to publish, made ready before the broker hears of us.

import MQTTProtocol
import MQTTSession
import Transport

enum Payload {
  /// One message, held in memory.
  case message([UInt8])
  /// One message in a large regular file, which is read and sent in blocks.
  case file(InputFile, size: Int)
  /// A message for each piece of standard input that the byte ends.
  case lines(InputFile, separator: UInt8)

  /// Files of up to so many bytes are read at once.
  private static let large = 1 << 20

  /// Reads what does not come line by line, and finds out whether the rest can be read.
  ///
  /// - Throws: what keeps it from being published, whatever the broker is.
  init(
    _ settings: Settings, until deadline: Instant?, stop: StopSignals
  ) throws(Failure) {
    do throws(TransportError) {
      switch settings.publishing.source {
      case .message(let bytes): self = .message(bytes)
      case .empty, nil: self = .message([])
      case .lines(let separator):
        try InputFile.standardInput.checkReadable()
        self = .lines(.standardInput, separator: separator)
      case .jsonLines:
        try InputFile.standardInput.checkReadable()
        self = .lines(.standardInput, separator: UInt8(ascii: "\n"))
      case .file(let path):
        let file = try InputFile(path: path.bytes, name: path.shown)
        self = try Self.whole(file, settings, until: deadline, stop: stop)
      case .standardInput:
        self = try Self.whole(.standardInput, settings, until: deadline, stop: stop)
        if case .message([]) = self {
          throw .emptyInput(name: InputFile.standardInput.name)
        }
      }
    } catch {
      throw settings.personality == .apus
        ? Failure(input: error) : Failure(dropIn: error, reading: settings.publishing.source)
    }
    if case .message(let bytes) = self, settings.promisesText, !Self.isText(bytes) {
      throw Failure(
        .usage, "the payload is not UTF-8 text, as payload-format-indicator 1 says")
    }
  }

  private static func whole(
    _ file: InputFile, _ settings: Settings, until deadline: Instant?, stop: StopSignals
  ) throws(TransportError) -> Payload {
    let limit = VariableByteInteger.maximum
    if let size = file.regularSize {
      if size > limit { throw .tooLarge(name: file.name, limit: limit) }
      // `-d` shows whole packets, and only what is in memory can be checked.
      if size > large, !settings.showsDebug, !settings.promisesText {
        return .file(file, size: size)
      }
    }
    return .message(try file.readAll(limit: limit, until: deadline, stop: stop))
  }

  /// The same with a large file read into memory.
  func held(until deadline: Instant?, stop: StopSignals) throws(Failure) -> Payload {
    guard case .file(let file, _) = self else { return self }
    do {
      return .message(
        try file.readAll(limit: VariableByteInteger.maximum, until: deadline, stop: stop))
    } catch {
      throw Failure(input: error)
    }
  }

  /// There may be more than one message.
  func isSeveral(_ settings: Settings) -> Bool {
    if case .lines = self { return true }
    return settings.publishing.repeatCount > 1
  }

  var isLines: Bool {
    if case .lines = self { true } else { false }
  }

  static func isText(_ bytes: some Collection<UInt8>) -> Bool {
    String(validating: bytes, as: UTF8.self) != nil
  }
}

extension Settings {
  /// `-D publish payload-format-indicator 1`: MQTT 5 §3.3.2.3.2.
  var promisesText: Bool {
    personality == .apus
      && properties[.publish]?.flag(.payloadFormatIndicator, default: false) ?? false
  }
}
