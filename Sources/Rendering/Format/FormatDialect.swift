/// Whose reading of widths and precisions a format follows.
package enum FormatDialect: Sendable {
  case apus
  /// Mosquitto's, which for payloads has some oddities of its own.
  case mosquitto

  /// Makes the shape say what is meant for the field.
  func adapt(_ shape: inout Shape, to field: MessageFormat.Field) {
    switch (self, field) {
    case (.apus, .payload):
      shape.payloadLimit = shape.precision
      shape.precision = nil
    case (.mosquitto, .payload), (.mosquitto, .hex), (.mosquitto, .upperHex):
      if field == .payload { shape.precision = nil }
      if shape.width > 0 { shape.payloadLimit = shape.width }
      shape.isTrailedByLength = shape.isLeftAligned && shape.width == 0
    default: break
    }
  }
}
