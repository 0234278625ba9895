// `messages` and `show`: what the log has.

import Glibc
import MQTTProtocol
import Rendering

/// Lines about messages of the log.
struct MessageSheet {
  let log: MessageLog
  /// The connections' names, where there are several.
  let names: [Int: String]

  /// Number, time and connection, in front of a message in a list.
  func head(of entry: MessageLog.Entry) -> String {
    let name = names[entry.connection].map { "  [\($0)]" } ?? ""
    return "\(entry.number)  \(Self.time(entry.time, "%H:%M:%S"))\(name)  "
  }

  /// Everything about one message.
  func append(_ entry: MessageLog.Entry, _ exposure: Exposure, to output: inout ByteBuffer) {
    let payload = log.payload(of: entry)
    let name = names[entry.connection].map { "\($0), " } ?? ""
    let time = Self.time(entry.time, "%Y-%m-%d %H:%M:%S")
    line("Message", "\(entry.number), \(name)\(time)", &output)
    line("Topic", SafeText.escaped(log.topic(of: entry)), &output)
    let id = entry.packetID > 0 ? ", packet identifier \(entry.packetID)" : ""
    line("QoS", "\(entry.qos.rawValue)\(id)\(entry.retain ? ", retained" : "")", &output)
    let parts = log.parts(of: entry)
    parts.forEachProperty { property in
      line("Property", Self.text(property, parts), &output)
      return true
    }
    let cut = entry.isCut ? ", of which \(payload.count) were kept" : ""
    line("Payload", "\(entry.length == 1 ? "1 byte" : "\(entry.length) bytes")\(cut)", &output)
    if payload.isEmpty { return }
    if PrettyJSON.append(payload, exposure.json, to: &output) {
      output.append(UInt8(ascii: "\n"))
    }
    let shown = UnsafeRawBufferPointer(rebasing: payload.prefix(Self.mostDumped))
    HexDump.append(shown, to: &output)
    if shown.count < payload.count {
      output.append(Array("… \(payload.count - shown.count) more bytes\n".utf8))
    }
  }

  private static let mostDumped = 64 << 10

  private func line(_ name: String, _ value: String, _ output: inout ByteBuffer) {
    let padding = String(repeating: " ", count: max(1, 10 - name.count))
    output.append(Array("\(name)\(padding)\(value)\n".utf8))
  }

  private static func text(_ property: RawProperty, _ parts: MessageParts) -> String {
    switch property.id.kind {
    case .string: "\(property.id) \(SafeText.escaped(parts.bytes(property.first)))"
    case .pair:
      "\(property.id) \(SafeText.escaped(parts.bytes(property.first))) "
        + SafeText.escaped(parts.bytes(property.second))
    case .binary: "\(property.id) \(SafeText.escaped(parts.bytes(property.first)))"
    default: "\(property.id) \(property.number)"
    }
  }

  /// In local time, with milliseconds.
  private static func time(_ time: Double, _ pattern: String) -> String {
    var seconds = time_t(time)
    var parts = tm()
    localtime_r(&seconds, &parts)
    let text = [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
      count = buffer.withMemoryRebound(to: CChar.self) {
        strftime($0.baseAddress, $0.count, pattern, &parts)
      }
    }
    let milliseconds = min(max(Int((time - Double(seconds)) * 1000), 0), 999)
    return String(decoding: text, as: UTF8.self) + "." + String(milliseconds, width: 3)
  }
}
