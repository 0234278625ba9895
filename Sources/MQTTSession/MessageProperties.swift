import MQTTProtocol

extension ReceivedMessage {
  /// Calls `body` with each property in wire order; they were checked when the message arrived.
  package func forEachProperty(_ body: (RawProperty) -> Void) {
    guard !properties.isEmpty else { return }
    var outer = ByteReader(properties)
    guard var reader = try? PropertyReader(from: &outer, .publish) else { return }
    while let property = try? reader.next() { body(property) }
  }

  /// The text or data of a property that comes once; nil where the message has none.
  package func bytes(of id: PropertyID) -> UnsafeRawBufferPointer? {
    var found: UnsafeRawBufferPointer?
    forEachProperty { if $0.id == id { found = bytes($0.first) } }
    return found
  }

  /// A part of the properties.
  package func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: properties[range])
  }
}
