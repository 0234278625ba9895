// One field of one message.

import Glibc
import MQTTProtocol

enum FieldText {
  static func append(
    _ field: MessageFormat.Field, _ shape: Shape, of message: MessageParts,
    _ exposure: Exposure, to output: inout ByteBuffer
  ) -> MessageFormat.Problem? {
    switch field {
    case .topic: shape.append(text: message.topic, exposure.text, to: &output)
    case .payload, .hex, .upperHex:
      append(message.payload, as: field, shape, exposure, to: &output)
    case .double: return append(double: message.payload, shape, to: &output)
    case .float: return append(float: message.payload, shape, to: &output)
    case .length: shape.append(number: message.payload.count, to: &output)
    case .packetID: shape.append(number: Int(message.packetID), to: &output)
    case .qos: output.append(UInt8(ascii: "0") + message.qos.rawValue)
    case .retain: output.append(message.retain ? UInt8(ascii: "1") : UInt8(ascii: "0"))
    case .topicAlias: append(number: .topicAlias, shape, of: message, to: &output)
    case .expiryInterval: append(number: .messageExpiryInterval, shape, of: message, to: &output)
    case .formatIndicator: append(number: .payloadFormatIndicator, shape, of: message, to: &output)
    case .subscriptionIdentifier:
      append(number: .subscriptionIdentifier, shape, of: message, to: &output)
    case .contentType:
      var spaces = shape
      spaces.padsWithZeros = false
      append(text: .contentType, of: message, exposure, to: &output, spaces)
        ?? spaces.appendBlank(to: &output)
    case .responseTopic:
      _ = append(text: .responseTopic, of: message, exposure, to: &output, shape)
    case .correlationData:
      _ = append(text: .correlationData, of: message, exposure, to: &output, .plain)
    case .userProperties: appendUserProperties(of: message, exposure, to: &output)
    }
    return nil
  }

  private static func append(
    _ payload: UnsafeRawBufferPointer, as field: MessageFormat.Field, _ shape: Shape,
    _ exposure: Exposure, to output: inout ByteBuffer
  ) {
    let shown = UnsafeRawBufferPointer(
      rebasing: payload.prefix(shape.payloadLimit ?? payload.count))
    switch field {
    case .hex: HexText.append(shown, "0123456789abcdef", shape, to: &output)
    case .upperHex: HexText.append(shown, "0123456789ABCDEF", shape, to: &output)
    default: shape.append(text: shown, exposure.payload, with: shape.zeroOrSpace, to: &output)
    }
    if shape.isTrailedByLength { output.append(repeating: UInt8(ascii: " "), shown.count) }
  }

  private static func append(
    number id: PropertyID, _ shape: Shape, of message: MessageParts, to output: inout ByteBuffer
  ) {
    if let property = message.property(id) {
      shape.append(number: Int(property.number), to: &output)
    } else {
      shape.appendBlank(to: &output)
    }
  }

  /// - Returns: nil when the message has no such property.
  private static func append(
    text id: PropertyID, of message: MessageParts, _ exposure: Exposure,
    to output: inout ByteBuffer, _ shape: Shape
  ) -> Void? {
    guard let property = message.property(id) else { return nil }
    return shape.append(text: message.bytes(property.first), exposure.text, to: &output)
  }

  /// `name:value` with spaces between.
  private static func appendUserProperties(
    of message: MessageParts, _ exposure: Exposure, to output: inout ByteBuffer
  ) {
    var isFirst = true
    var text = ByteBuffer()
    message.forEachProperty { property in
      guard property.id == .userProperty else { return true }
      if !isFirst { text.append(UInt8(ascii: " ")) }
      isFirst = false
      text.append(message.bytes(property.first))
      text.append(UInt8(ascii: ":"))
      text.append(message.bytes(property.second))
      return true
    }
    output.append(text.bytes, exposure.text)
  }

  // MARK: IEEE 754

  private static func append(
    double payload: UnsafeRawBufferPointer, _ shape: Shape, to output: inout ByteBuffer
  ) -> MessageFormat.Problem? {
    guard payload.count == 8 else { return .wrongLength(expected: 8, found: payload.count) }
    append(payload.loadUnaligned(as: Double.self), shape, to: &output)
    return nil
  }

  private static func append(
    float payload: UnsafeRawBufferPointer, _ shape: Shape, to output: inout ByteBuffer
  ) -> MessageFormat.Problem? {
    guard payload.count == 4 else { return .wrongLength(expected: 4, found: payload.count) }
    append(Double(payload.loadUnaligned(as: Float.self)), shape, to: &output)
    return nil
  }

  private static func append(_ number: Double, _ shape: Shape, to output: inout ByteBuffer) {
    let flag = shape.isLeftAligned ? "-" : shape.padsWithZeros ? "0" : ""
    let text = withVaList([Int32(shape.width), Int32(shape.precision ?? 6), number]) { values in
      // The largest number has 309 digits before the point.
      [UInt8](unsafeUninitializedCapacity: 320 + shape.width + (shape.precision ?? 6)) {
        buffer, count in
        let written = buffer.withMemoryRebound(to: CChar.self) {
          vsnprintf($0.baseAddress, $0.count, "%\(flag)*.*f", values)
        }
        count = min(max(Int(written), 0), buffer.count - 1)
      }
    }
    output.append(text)
  }
}
