// What a command learns of its message beside the payload.

import Glibc
import MQTTProtocol
import MQTTSession
import Rendering

/// Our own environment and the `MQTT_…` variables of one message.
///
/// MQTT's text holds no NUL byte, so it can stand there as it is; correlation data is any bytes, hence
/// base64.  Variables of these names that we inherited are left out: they tell of another message.
struct MessageEnvironment: ~Copyable {
  private let inherited: [UnsafeMutablePointer<CChar>?]
  private var text = ByteBuffer(capacity: 1024)
  private var starts: [Int] = []

  private static let names = [
    "MQTT_TOPIC", "MQTT_QOS", "MQTT_RETAIN", "MQTT_RESPONSE_TOPIC", "MQTT_CORRELATION_DATA",
    "MQTT_CONTENT_TYPE", "MQTT_MESSAGE_EXPIRY", "MQTT_PAYLOAD_FORMAT", "MQTT_USER_PROPERTIES",
  ]

  init() {
    var inherited: [UnsafeMutablePointer<CChar>?] = []
    var next = environ
    while let variable = next.pointee {
      if !Self.isOurs(variable) { inherited.append(variable) }
      next += 1
    }
    self.inherited = inherited
  }

  private static func isOurs(_ variable: UnsafePointer<CChar>) -> Bool {
    if strncmp(variable, "MQTT_", 5) != 0 { return false }
    if strncmp(variable, "MQTT_USER_PROPERTY_", 19) == 0 { return true }
    return names.contains { name in
      strncmp(variable, name, name.utf8.count) == 0
        && variable[name.utf8.count] == CChar(UInt8(ascii: "="))
    }
  }

  /// The variables for a message and a nil behind them; valid until the next call.
  mutating func variables(for message: ReceivedMessage) -> [UnsafeMutablePointer<CChar>?] {
    text.removeAll()
    starts.removeAll(keepingCapacity: true)
    add("MQTT_TOPIC", message.topic)
    add("MQTT_QOS", number: Int(message.qos.rawValue))
    add("MQTT_RETAIN", number: message.retain ? 1 : 0)
    var pairs = 0
    message.forEachProperty { property in
      switch property.id {
      case .responseTopic: add("MQTT_RESPONSE_TOPIC", message.bytes(property.first))
      case .contentType: add("MQTT_CONTENT_TYPE", message.bytes(property.first))
      case .messageExpiryInterval: add("MQTT_MESSAGE_EXPIRY", number: Int(property.number))
      case .payloadFormatIndicator: add("MQTT_PAYLOAD_FORMAT", number: Int(property.number))
      case .correlationData:
        begin("MQTT_CORRELATION_DATA")
        text.append(base64: message.bytes(property.first))
        text.append(0 as UInt8)
      case .userProperty:
        pairs += 1
        add("MQTT_USER_PROPERTY_\(pairs)_NAME", message.bytes(property.first))
        add("MQTT_USER_PROPERTY_\(pairs)_VALUE", message.bytes(property.second))
      default: break
      }
    }
    if pairs > 0 { add("MQTT_USER_PROPERTIES", number: pairs) }
    let base = UnsafeMutablePointer(
      mutating: text.bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
    return inherited + starts.map { start in base.map { $0 + start } } + [nil]
  }

  private mutating func begin(_ name: String) {
    starts.append(text.count)
    text.append(Array(name.utf8))
    text.append(UInt8(ascii: "="))
  }

  private mutating func add(_ name: String, _ value: UnsafeRawBufferPointer) {
    begin(name)
    text.append(value)
    text.append(0 as UInt8)
  }

  private mutating func add(_ name: String, number: Int) {
    begin(name)
    text.append(Array(String(number).utf8))
    text.append(0 as UInt8)
  }
}
