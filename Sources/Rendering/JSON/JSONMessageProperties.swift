import MQTTProtocol

/// The member `properties`.
extension JSONMessage {
  mutating func readProperty(_ name: JSONTokens.Text) throws(JSONFault) {
    if matches(name, "user-properties") { return try readUserProperties() }
    if matches(name, "topic-alias") || matches(name, "subscription-identifier") {
      return try skip()
    }
    if matches(name, "correlation-data_base64") {
      try decodeBase64("correlation-data_base64")
      return properties.set(try data(.correlationData))
    }
    let id = try identifier(name)
    if id != .correlationData, properties.contains(id) {
      throw JSONFault("'\(id)' stands there twice")
    }
    switch id {
    case .correlationData:
      let text = try string("correlation-data")
      scratch.removeAll()
      scratch.append(text, of: tokens.bytes)
      // The exact bytes may have come before.
      if !properties.contains(.correlationData) { properties.set(try data(.correlationData)) }
    case .responseTopic:
      let text = try mqttString("response-topic")
      if (try? TopicName(text.bytes)) == nil {
        throw JSONFault("'response-topic' is no topic to publish to")
      }
      properties.set(Property(.responseTopic, text))
    case .contentType:
      properties.set(Property(.contentType, try mqttString("content-type")))
    default:
      guard let property = number().flatMap({ Property(id, $0) }) else {
        throw JSONFault(
          "'\(id)' is not a number from \(id.range.lowerBound) to \(id.range.upperBound)")
      }
      properties.set(property)
    }
  }

  private func identifier(_ name: JSONTokens.Text) throws(JSONFault) -> PropertyID {
    if matches(name, "content-type") { return .contentType }
    if matches(name, "correlation-data") { return .correlationData }
    if matches(name, "response-topic") { return .responseTopic }
    if matches(name, "message-expiry-interval") { return .messageExpiryInterval }
    if matches(name, "payload-format-indicator") { return .payloadFormatIndicator }
    let shown = SafeText.escaped(tokens.bytes[name.range].prefix(100))
    throw JSONFault("'\(shown)' is no property of a message")
  }

  /// Of what stands in `scratch`.
  private func data(_ id: PropertyID) throws(JSONFault) -> Property {
    guard let property = Property(id, scratch.array) else {
      throw JSONFault("'\(id)' has \(scratch.count) bytes: at most 65535 are allowed")
    }
    return property
  }

  private mutating func mqttString(_ name: String) throws(JSONFault) -> UTF8String {
    try mqttString(try string(name), name)
  }

  private mutating func mqttString(
    _ text: JSONTokens.Text, _ name: String
  ) throws(JSONFault) -> UTF8String {
    scratch.removeAll()
    scratch.append(text, of: tokens.bytes)
    do { return try UTF8String(scratch.array) } catch {
      throw JSONFault("'\(name)' is too long, or has a null character in it")
    }
  }

  /// An array of objects, or one object as mosquitto_sub had it up to 2.0.
  private mutating func readUserProperties() throws(JSONFault) {
    if tokens.peek() != UInt8(ascii: "[") { return try readPairs() }
    _ = tokens.next()
    if tokens.peek() == UInt8(ascii: "]") {
      _ = tokens.next()
      return
    }
    while true {
      try readPairs()
      switch tokens.next() {
      case UInt8(ascii: ","): continue
      case UInt8(ascii: "]"): return
      default: throw malformed
      }
    }
  }

  private mutating func readPairs() throws(JSONFault) {
    guard tokens.peek() == UInt8(ascii: "{") else {
      throw JSONFault("'user-properties' is no array of objects")
    }
    try readObject { (message, name) throws(JSONFault) in
      let key = try message.mqttString(name, "user-properties")
      let value = try message.mqttString("user-properties")
      message.properties.set(Property(user: key, value))
    }
  }
}
