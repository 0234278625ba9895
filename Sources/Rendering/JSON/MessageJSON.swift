// `%j` and `%J`: a whole message as one JSON object.

import MQTTProtocol

/// How the payload stands in a message's JSON.
enum JSONForm: Hashable, Sendable {
  /// A string (`%j`).
  case text
  /// The JSON value that it is (`%J`).
  case value
}

/// The members in the order of mosquitto's clients: tst, topic, qos, retain, payloadlen, mid,
/// properties, payload.  What is not UTF-8 stands there with replacement characters and, exactly, in a
/// member beside it whose name ends in `_base64`.
enum MessageJSON {
  /// - Parameter date: whose pattern ends with the zone in five characters.
  static func append(
    _ message: MessageParts, _ form: JSONForm, isPretty: Bool, at now: WallTime,
    _ date: inout TimeText, to output: inout ByteBuffer
  ) -> MessageFormat.Problem? {
    let mark = output.count
    var writer = JSONWriter(isPretty: isPretty)
    writer.beginObject(&output)
    writer.key("tst", &output)
    append(now, &date, &writer, &output)
    append(text: message.topic, "topic", "topic_base64", &writer, &output)
    writer.key("qos", &output)
    writer.number(Int(message.qos.rawValue), &output)
    writer.key("retain", &output)
    writer.literal(message.retain ? "true" : "false", &output)
    writer.key("payloadlen", &output)
    writer.number(message.payload.count, &output)
    if message.qos != .atMostOnce {
      writer.key("mid", &output)
      writer.number(Int(message.packetID), &output)
    }
    PropertiesJSON.append(message, &writer, &output)
    if message.payload.isEmpty {
      writer.key("payload", &output)
      writer.literal("null", &output)
    } else if form == .text {
      append(text: message.payload, "payload", "payload_base64", &writer, &output)
    } else {
      writer.key("payload", &output)
      guard JSONCopy.append(message.payload, &writer, &output) else {
        output.truncate(to: mark)
        return .notJSON
      }
    }
    writer.endObject(inArray: false, &output)
    return nil
  }

  /// `2020-05-06T22:12:00.000000+0100`.
  private static func append(
    _ now: WallTime, _ date: inout TimeText, _ writer: inout JSONWriter,
    _ output: inout ByteBuffer
  ) {
    date.update(now)
    writer.beginValue(&output)
    output.append(UInt8(ascii: "\""))
    date.text.withUnsafeBytes { text in
      let zone = max(0, text.count - 5)
      output.append(UnsafeRawBufferPointer(rebasing: text[..<zone]))
      output.append(UInt8(ascii: "."))
      output.append(decimal: now.nanoseconds / 1000, digits: 6)
      output.append(UnsafeRawBufferPointer(rebasing: text[zone...]))
    }
    output.append(UInt8(ascii: "\""))
  }

  /// A member for text, and one beside it where the bytes are no text.
  static func append(
    text: UnsafeRawBufferPointer, _ name: StaticString, _ exactName: StaticString,
    _ writer: inout JSONWriter, _ output: inout ByteBuffer
  ) {
    writer.key(name, &output)
    if UTF8String.isWellFormed(text) {
      writer.string(text, &output)
      return
    }
    var repaired = String(decoding: text, as: UTF8.self)
    repaired.withUTF8 { writer.string(UnsafeRawBufferPointer($0), &output) }
    writer.key(exactName, &output)
    writer.beginValue(&output)
    output.append(UInt8(ascii: "\""))
    output.append(base64: text)
    output.append(UInt8(ascii: "\""))
  }
}
