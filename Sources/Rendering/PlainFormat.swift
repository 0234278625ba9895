// What `sub` prints where no format was asked for.

import MQTTProtocol

/// The payload, or topic and payload, as they are, and a newline.
package struct PlainFormat: Sendable {
  /// The topic and a space come first.
  package var showsTopic: Bool
  package var endsWithNewline: Bool
  package var exposure = Exposure.exact

  package init(showsTopic: Bool = false, endsWithNewline: Bool = true) {
    self.showsTopic = showsTopic
    self.endsWithNewline = endsWithNewline
  }

  /// Appends everything that stands before the payload.
  package func appendHead(topic: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
    guard showsTopic else { return }
    output.append(topic, exposure.text)
    output.append(UInt8(ascii: " "))
  }

  package func append(payload: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
    output.append(payload, exposure.payload)
  }

  /// Appends what mosquitto's clients show of a message with an empty payload: `(null)` behind the topic
  /// where a newline follows, else nothing.
  package func appendNull(topic: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
    guard showsTopic, endsWithNewline else { return }
    appendHead(topic: topic, to: &output)
    output.append(Array("(null)\n".utf8))
  }

  /// Appends everything that stands behind the payload.
  package func appendTail(to output: inout ByteBuffer) {
    if endsWithNewline { output.append(UInt8(ascii: "\n")) }
  }
}
