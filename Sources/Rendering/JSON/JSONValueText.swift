import MQTTProtocol

extension JSONValue {
  /// The text: a line for each member of the outer objects and each element of their arrays, what is
  /// `levels` deep in one line.
  package func text(levels: Int) -> String {
    var output = ByteBuffer(capacity: 4096)
    append(to: &output, levels: levels, depth: 0)
    output.append(UInt8(ascii: "\n"))
    return String(decoding: output.bytes, as: UTF8.self)
  }

  private func append(to output: inout ByteBuffer, levels: Int, depth: Int) {
    switch self {
    case .null: output.append(Array("null".utf8))
    case .bool(let isTrue): output.append(Array((isTrue ? "true" : "false").utf8))
    case .integer(let number): output.append(Array(String(number).utf8))
    // JSON has no infinity, and no other word for it.
    case .real(let number): output.append(Array((number.isFinite ? "\(number)" : "null").utf8))
    case .string(let text): Self.append(text, to: &output)
    case .array(let elements):
      let layout = Layout(levels, depth, isEmpty: elements.isEmpty)
      layout.open("[", &output)
      for (place, element) in elements.enumerated() {
        if place > 0 { layout.separate(&output) }
        element.append(to: &output, levels: levels, depth: depth + 1)
      }
      layout.close("]", &output)
    case .object(let members):
      let layout = Layout(levels, depth, isEmpty: members.isEmpty)
      layout.open("{", &output)
      for (place, member) in members.enumerated() {
        if place > 0 { layout.separate(&output) }
        Self.append(member.name, to: &output)
        output.append(Array(": ".utf8))
        member.value.append(to: &output, levels: levels, depth: depth + 1)
      }
      layout.close("}", &output)
    }
  }

  private static func append(_ text: String, to output: inout ByteBuffer) {
    if !text.unicodeScalars.contains(where: Self.actsRaw) {
      return Array(text.utf8).withUnsafeBytes { JSONWriter.quote($0, &output) }
    }
    // JSON lets it stand; a terminal obeys it.
    for scalar in SafeText.json(Array(text.utf8)).unicodeScalars {
      if actsRaw(scalar) {
        output.append(Array("\\u".utf8))
        output.append(hex: scalar.value, digits: 4)
      } else {
        output.append(Array(String(scalar).utf8))
      }
    }
  }

  /// What JSON writes as it is, and yet is not shown; all of it has four digits at most.
  private static func actsRaw(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x7f && SafeText.acts(scalar.value)
  }
}

/// How the parts of one object or array stand.
private struct Layout {
  private let depth: Int
  private let isBroken: Bool

  init(_ levels: Int, _ depth: Int, isEmpty: Bool) {
    self.depth = depth
    isBroken = depth < levels && !isEmpty
  }

  func open(_ bracket: Unicode.Scalar, _ output: inout ByteBuffer) {
    output.append(UInt8(ascii: bracket))
    if isBroken { breakLine(depth + 1, &output) }
  }

  func separate(_ output: inout ByteBuffer) {
    output.append(UInt8(ascii: ","))
    if isBroken { breakLine(depth + 1, &output) } else { output.append(UInt8(ascii: " ")) }
  }

  func close(_ bracket: Unicode.Scalar, _ output: inout ByteBuffer) {
    if isBroken { breakLine(depth, &output) }
    output.append(UInt8(ascii: bracket))
  }

  private func breakLine(_ depth: Int, _ output: inout ByteBuffer) {
    output.append(UInt8(ascii: "\n"))
    output.append(repeating: UInt8(ascii: " "), 2 * depth)
  }
}
