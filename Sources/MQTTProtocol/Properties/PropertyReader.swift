// Walks a block of properties without taking memory; whoever wants values asks for them.

/// One property on the wire.  Text and data are ranges of the bytes that were read.
package struct RawProperty {
  package var id: PropertyID
  package var number: UInt32 = 0
  package var first: Range<Int> = 0..<0
  package var second: Range<Int> = 0..<0
}

/// Reads one packet's properties in wire order and checks each.  MQTT 5 §2.2.2.
package struct PropertyReader {
  private var reader: ByteReader
  private let context: PropertyContext
  private var seen: UInt64 = 0

  /// Takes the length and the properties from `outer`, which moves behind them.
  ///
  /// - Throws: `.truncated` when the length runs past the packet's end.
  package init(from outer: inout ByteReader, _ context: PropertyContext) throws(MalformedPacket) {
    let length = try outer.variable()
    reader = try outer.part(length)
    self.context = context
  }

  /// Returns the next property, or nil at the end.
  ///
  /// - Throws: `.unknownProperty`, `.misplacedProperty`, `.repeatedProperty`, `.propertyOutOfRange`,
  ///   `.string`, `.truncated`.
  package mutating func next() throws(MalformedPacket) -> RawProperty? {
    if reader.isAtEnd { return nil }
    let number = try reader.variable()
    guard let byte = UInt8(exactly: number), let id = PropertyID(rawValue: byte) else {
      throw .unknownProperty(number)
    }
    guard context.allows(id) else { throw .misplacedProperty(id, context) }
    if seen & id.bit != 0, !context.repeats(id) { throw .repeatedProperty(id) }
    seen |= id.bit
    var property = RawProperty(id: id)
    switch id.kind {
    case .byte: property.number = UInt32(try reader.u8())
    case .twoByte: property.number = UInt32(try reader.u16())
    case .fourByte: property.number = try reader.u32()
    case .variable: property.number = UInt32(try reader.variable())
    case .string: property.first = try reader.stringRange()
    case .binary: property.first = try reader.fieldRange()
    case .pair:
      property.first = try reader.stringRange()
      property.second = try reader.stringRange()
      return property
    }
    switch id.kind {
    case .byte, .twoByte, .fourByte, .variable:
      if !id.range.contains(property.number) { throw .propertyOutOfRange(id, property.number) }
    default: break
    }
    return property
  }
}

extension PropertyReader {
  /// Calls `body` with each property of a message in wire order until it returns false; they were checked
  /// when the message arrived.
  ///
  /// - Parameter properties: with their length in front; empty below MQTT 5.
  package static func forEach(
    in properties: UnsafeRawBufferPointer, _ body: (RawProperty) -> Bool
  ) {
    guard !properties.isEmpty else { return }
    var outer = ByteReader(properties)
    guard var reader = try? PropertyReader(from: &outer, .publish) else { return }
    while let property = try? reader.next(), body(property) {}
  }
}
