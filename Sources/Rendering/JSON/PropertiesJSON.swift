import MQTTProtocol

/// A message's properties as the member `properties`, in wire order.
enum PropertiesJSON {
  static func append(
    _ message: MessageParts, _ writer: inout JSONWriter, _ output: inout ByteBuffer
  ) {
    var seen: Set<PropertyID> = []
    message.forEachProperty { property in
      if seen.isEmpty {
        writer.key("properties", &output)
        writer.beginObject(&output)
      }
      if seen.insert(property.id).inserted { append(property, message, &writer, &output) }
      return true
    }
    if !seen.isEmpty { writer.endObject(inArray: false, &output) }
  }

  private static func append(
    _ property: RawProperty, _ message: MessageParts, _ writer: inout JSONWriter,
    _ output: inout ByteBuffer
  ) {
    switch property.id {
    case .userProperty: appendUserProperties(message, &writer, &output)
    case .subscriptionIdentifier: appendIdentifiers(message, &writer, &output)
    case .correlationData:
      MessageJSON.append(
        text: message.bytes(property.first), "correlation-data", "correlation-data_base64",
        &writer, &output)
    default:
      let name = property.id.name
      writer.beginKey(&output)
      Array(name.utf8).withUnsafeBytes { JSONWriter.quote($0, &output) }
      writer.endKey(&output)
      if property.id.kind == .string {
        writer.string(message.bytes(property.first), &output)
      } else {
        writer.number(Int(property.number), &output)
      }
    }
  }

  /// An array of objects with one member each: names may come twice.
  private static func appendUserProperties(
    _ message: MessageParts, _ writer: inout JSONWriter, _ output: inout ByteBuffer
  ) {
    writer.key("user-properties", &output)
    writer.beginArray(&output)
    message.forEachProperty { property in
      guard property.id == .userProperty else { return true }
      writer.beginObject(&output)
      writer.beginKey(&output)
      JSONWriter.quote(message.bytes(property.first), &output)
      writer.endKey(&output)
      writer.string(message.bytes(property.second), &output)
      writer.endObject(inArray: true, &output)
      return true
    }
    writer.endArray(inArray: false, &output)
  }

  /// A number, or an array where the message matched several subscriptions.
  private static func appendIdentifiers(
    _ message: MessageParts, _ writer: inout JSONWriter, _ output: inout ByteBuffer
  ) {
    var identifiers: [Int] = []
    message.forEachProperty { property in
      if property.id == .subscriptionIdentifier { identifiers.append(Int(property.number)) }
      return true
    }
    writer.key("subscription-identifier", &output)
    if identifiers.count == 1 {
      writer.number(identifiers[0], &output)
    } else {
      writer.beginArray(&output)
      for identifier in identifiers { writer.number(identifier, &output) }
      writer.endArray(inArray: false, &output)
    }
  }
}
