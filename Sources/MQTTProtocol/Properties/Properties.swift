// Properties as values.

/// One property with its value.
package struct Property: Hashable, Sendable {
  package enum Value: Hashable, Sendable {
    case number(UInt32)
    case string(UTF8String)
    case binary([UInt8])
    case pair(UTF8String, UTF8String)
  }

  package let id: PropertyID
  package let value: Value

  /// - Returns: nil when the number is out of the property's range or the property holds no number.
  package init?(_ id: PropertyID, _ number: UInt32) {
    switch id.kind {
    case .string, .binary, .pair: return nil
    case .byte, .twoByte, .fourByte, .variable:
      guard id.range.contains(number) else { return nil }
      self.id = id
      value = .number(number)
    }
  }

  /// - Returns: nil when the property holds no text.
  package init?(_ id: PropertyID, _ text: UTF8String) {
    guard id.kind == .string else { return nil }
    self.id = id
    value = .string(text)
  }

  /// - Returns: nil when the property holds no binary data, or above 65,535 bytes [MQTT-1.5.6].
  package init?(_ id: PropertyID, _ data: [UInt8]) {
    guard id.kind == .binary, data.count <= UTF8String.maximumLength else { return nil }
    self.id = id
    value = .binary(data)
  }

  package init(user name: UTF8String, _ value: UTF8String) {
    id = .userProperty
    self.value = .pair(name, value)
  }

  fileprivate init(_ raw: RawProperty, in reader: ByteReader) {
    id = raw.id
    switch raw.id.kind {
    case .byte, .twoByte, .fourByte, .variable: value = .number(raw.number)
    case .string: value = .string(UTF8String(checked: [UInt8](reader.slice(raw.first))))
    case .binary: value = .binary([UInt8](reader.slice(raw.first)))
    case .pair:
      value = .pair(
        UTF8String(checked: [UInt8](reader.slice(raw.first))),
        UTF8String(checked: [UInt8](reader.slice(raw.second))))
    }
  }

  /// Bytes on the wire, identifier included.
  package var size: Int {
    switch (value, id.kind) {
    case (.number(let number), .variable): 1 + VariableByteInteger.width(Int(number))
    case (.number, .byte): 2
    case (.number, .twoByte): 3
    case (.number, _): 5
    case (.string(let text), _): 3 + text.bytes.count
    case (.binary(let data), _): 3 + data.count
    case (.pair(let name, let value), _): 5 + name.bytes.count + value.bytes.count
    }
  }

  fileprivate func encode(into buffer: inout ByteBuffer) {
    buffer.append(id.rawValue)
    switch (value, id.kind) {
    case (.number(let number), .byte): buffer.append(UInt8(truncatingIfNeeded: number))
    case (.number(let number), .twoByte): buffer.append(UInt16(truncatingIfNeeded: number))
    case (.number(let number), .variable): buffer.appendVariable(Int(number))
    case (.number(let number), _): buffer.append(number)
    case (.string(let text), _): buffer.append(text)
    case (.binary(let data), _): buffer.append(field: data)
    case (.pair(let name, let value), _):
      buffer.append(name)
      buffer.append(value)
    }
  }
}

/// A packet's properties in wire order.  MQTT 5 §2.2.2.
package struct Properties: Hashable, Sendable {
  package var entries: [Property]

  package init(_ entries: [Property] = []) { self.entries = entries }

  package static var none: Properties { Properties() }

  package init(from reader: inout ByteReader, _ context: PropertyContext) throws(MalformedPacket) {
    var properties = try PropertyReader(from: &reader, context)
    entries = []
    while let raw = try properties.next() { entries.append(Property(raw, in: reader)) }
  }

  package var isEmpty: Bool { entries.isEmpty }

  /// The first property that may be received but should not be sent (MQTT 5 §1.5.4).
  package var firstWithControlCharacter: PropertyID? {
    entries.first { property in
      switch property.value {
      case .string(let text): text.hasControlCharacter
      case .pair(let name, let value): name.hasControlCharacter || value.hasControlCharacter
      case .number, .binary: false
      }
    }?.id
  }

  package func number(_ id: PropertyID) -> UInt32? {
    for case .number(let number) in values(id) { return number }
    return nil
  }

  package func string(_ id: PropertyID) -> UTF8String? {
    for case .string(let text) in values(id) { return text }
    return nil
  }

  package func binary(_ id: PropertyID) -> [UInt8]? {
    for case .binary(let data) in values(id) { return data }
    return nil
  }

  /// A property that is 0 or 1, with what its absence means.
  package func flag(_ id: PropertyID, default absent: Bool) -> Bool {
    number(id).map { $0 != 0 } ?? absent
  }

  package func contains(_ id: PropertyID) -> Bool { entries.contains { $0.id == id } }

  /// Replaces what there is of the property's kind; a user property is added.
  package mutating func set(_ property: Property?) {
    guard let property else { return }
    if property.id != .userProperty { remove(property.id) }
    entries.append(property)
  }

  package mutating func remove(_ id: PropertyID) { entries.removeAll { $0.id == id } }

  private func values(_ id: PropertyID) -> [Property.Value] {
    entries.compactMap { $0.id == id ? $0.value : nil }
  }

  /// Bytes of the properties themselves, without their length.
  package var size: Int { entries.reduce(0) { $0 + $1.size } }

  package func encode(into buffer: inout ByteBuffer) {
    buffer.appendWithLength { buffer in
      for property in entries { property.encode(into: &buffer) }
    }
  }
}
