// What of a line is for nobody's eyes, nor for a history.

import OptionTable

extension Shell {
  /// True for a line that holds a password or the like.
  func holdsSecret(_ line: [UInt8]) -> Bool {
    guard let statements = try? StatementReader.statements(in: line) else {
      // Nobody knows what it would have been.
      return line.contains { $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"") }
    }
    return statements.contains { statement in
      // The values of variables are not in the line.
      let words = statement.words.map { word in
        word.parts.reduce(into: [UInt8]()) { bytes, part in
          if case .text(let text) = part { bytes += text }
        }
      }
      guard let first = words.first else { return false }
      if Self.key(first) == "alias" {
        return holdsSecret(Array(words.dropFirst(2).joined(separator: [UInt8(ascii: " ")])))
      }
      let isSetting = Self.key(first) == "set"
      let name = isSetting && words.count > 1 ? words[1] : first
      guard let builtin = Builtin.named(Self.key(name)) else { return false }
      let options = words.dropFirst(isSetting ? 2 : 1).map { Argument(bytes: $0) }
      let spec = builtin.spec
      let parser = Parser(spec, takesOperands: true, of: Builtin.program)
      return spec.holdsSecret(parser.gather(options[...]).occurrences)
    }
  }
}
