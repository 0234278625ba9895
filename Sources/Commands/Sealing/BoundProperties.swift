// What of MQTT 5's properties an envelope binds, and how it travels among them.

import MQTTProtocol
import Sealing

/// The user property that an envelope's head travels in.
enum SealProperty {
  static let name = Array("apus-seal".utf8)

  static func isName(_ bytes: some Collection<UInt8>) -> Bool { bytes.elementsEqual(name) }
}

extension Properties {
  /// The head of an envelope is among them.
  var hasEnvelope: Bool {
    entries.contains { property in
      if case .pair(let name, _) = property.value { return SealProperty.isName(name.bytes) }
      return false
    }
  }
}

extension Binding {
  /// - Returns: nil when there is an envelope among the properties already.
  init?(topic: [UInt8], _ properties: Properties) {
    var bound = BoundProperties()
    for property in properties.entries {
      switch property.value {
      case .pair(let name, let value):
        if SealProperty.isName(name.bytes) { return nil }
        bound.add(property.id, name.bytes, value.bytes)
      case .string(let text): bound.add(property.id, text.bytes)
      case .binary(let data): bound.add(property.id, data)
      case .number: break
      }
    }
    self.init(
      topic: topic, contentType: properties.string(.contentType)?.bytes,
      isText: properties.flag(.payloadFormatIndicator, default: false), others: bound.encoded)
  }
}

/// The properties that pass through a server unchanged (MQTT 5 §3.3.2.3), as MQTT encodes them and in the
/// order of their identifiers.  The server changes Message Expiry Interval, topic aliases and subscription
/// identifiers on the way.
struct BoundProperties {
  private var response: [UInt8] = []
  private var correlation: [UInt8] = []
  private var user: [UInt8] = []

  var encoded: [UInt8] { response + correlation + user }

  mutating func add(
    _ id: PropertyID, _ first: some Collection<UInt8>, _ second: some Collection<UInt8> = []
  ) {
    switch id {
    case .responseTopic: response += [id.rawValue] + Self.field(first)
    case .correlationData: correlation += [id.rawValue] + Self.field(first)
    case .userProperty: user += [id.rawValue] + Self.field(first) + Self.field(second)
    default: break
    }
  }

  private static func field(_ bytes: some Collection<UInt8>) -> [UInt8] {
    [UInt8(truncatingIfNeeded: bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count)] + bytes
  }
}
