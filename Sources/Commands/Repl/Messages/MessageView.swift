// How the shell shows messages.

import MQTTProtocol
import MQTTSession
import Rendering

/// The way of a subscription's messages: their form, and where they go.
struct MessageView {
  /// Nil for what the shell's own `format` says.
  var format: MessageFormat?
  var endsWithNewline = true
  var isRaw = false
  /// In place of the shell's output.
  var sink: MessageSink?
  /// Not shown (`-T`, `-R`).
  var filter: MessageFilter

  init(_ settings: Settings) {
    let asked = settings.subscribing
    format = asked.format
    if format == nil, asked.isVerbose { format = .topicAndPayload }
    format?.isPretty = asked.isPretty
    endsWithNewline = asked.endsWithNewline
    isRaw = asked.isRaw
    filter = MessageFilter(asked)
  }

  func shows(_ message: ReceivedMessage) -> Bool { filter.verdict(on: message) == .pass }
}

extension MessageFormat {
  /// What the shell shows where nobody asked for anything else.
  static var topicAndPayload: MessageFormat? { try? MessageFormat(Array("%t %p".utf8)) }

  /// Appends a message and a newline, or what is wrong with it.
  mutating func append(
    _ message: MessageParts, _ exposure: Exposure, endsWithNewline: Bool = true,
    to output: inout ByteBuffer
  ) {
    let mark = output.count
    self.exposure = exposure
    if let problem = append(message, to: &output) {
      output.truncate(to: mark)
      output.append(Array("\(SafeText.escaped(message.topic)): \(problem)".utf8))
    }
    if endsWithNewline { output.append(UInt8(ascii: "\n")) }
  }
}
