import MQTTProtocol
import TestSupport

extension Generator {
  /// Text of any characters but U+0000, controls and quotes among them.
  mutating func text(upTo length: Int) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...length, using: &self) {
      let ranges: [ClosedRange<UInt32>] = [1...0x7f, 0x20...0x7e, 0x80...0x7ff, 0x1f300...0x1f5ff]
      let range = ranges.randomElement(using: &self) ?? 1...0x7f
      if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &self)) {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  mutating func mqttText(upTo length: Int) -> UTF8String {
    (try? UTF8String(text(upTo: length))) ?? .empty
  }

  mutating func bytes(upTo length: Int, isText: Bool) -> [UInt8] {
    if isText { return Array(text(upTo: length).utf8) }
    return (0..<Int.random(in: 0...length, using: &self)).map { _ in
      .random(in: 0...255, using: &self)
    }
  }
}
