import MQTTProtocol

/// Bytes as people look at them: sixteen in a line, and what they are as ASCII.
package enum HexDump {
  package static func append(_ bytes: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
    for start in stride(from: 0, to: bytes.count, by: 16) {
      let line = bytes[start..<min(start + 16, bytes.count)]
      output.append(hex: UInt32(truncatingIfNeeded: start), digits: 8)
      for place in 0..<16 {
        output.append(repeating: UInt8(ascii: " "), place == 8 || place == 0 ? 2 : 1)
        if place < line.count {
          output.append(hex: UInt32(line[start + place]), digits: 2)
        } else {
          output.append(repeating: UInt8(ascii: " "), 2)
        }
      }
      output.append(Array("  |".utf8))
      for byte in line { output.append((0x20...0x7e).contains(byte) ? byte : UInt8(ascii: ".")) }
      output.append(Array("|\n".utf8))
    }
  }
}
