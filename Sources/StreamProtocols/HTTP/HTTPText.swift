// HTTP's alphabet.  RFC 9110 §5.

package enum HTTPText {
  /// A byte that may stand in the name of a field.
  package static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  package static func lowercased(_ bytes: some Collection<UInt8>) -> [UInt8] {
    bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
  }

  /// Without the blanks and tabs around it.
  package static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 9 }
    let front = bytes.drop(while: isBlank)
    return Array(front.lastIndex { !isBlank($0) }.map { front[...$0] } ?? [])
  }

  /// The words of a list with commas, in lower case.
  static func words(_ values: [[UInt8]]) -> [[UInt8]] {
    values.flatMap { value in
      value.split(separator: UInt8(ascii: ",")).map { lowercased(trimmed($0)) }
    }
  }
}
