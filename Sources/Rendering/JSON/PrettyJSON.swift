import MQTTProtocol

/// A JSON text on several lines.
package enum PrettyJSON {
  /// - Returns: false when the bytes are no JSON text; nothing was appended then.
  package static func append(
    _ bytes: UnsafeRawBufferPointer, _ escaping: Escaping, to output: inout ByteBuffer
  ) -> Bool {
    let mark = output.count
    var writer = JSONWriter(isPretty: true)
    guard JSONCopy.append(bytes, &writer, &output) else {
      output.truncate(to: mark)
      return false
    }
    output.escape(from: mark, escaping)
    return true
  }
}
