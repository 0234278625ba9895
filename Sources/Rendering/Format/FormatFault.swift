/// What is wrong with a format string.
package enum FormatFault: Error, Hashable, Sendable {
  /// It ends in the middle of `%…`, `@…`.
  case incompleteSpecifier
  case invalidSpecifier(UInt8)
  /// It ends with a lone backslash.
  case incompleteEscape
  case invalidEscape(UInt8)
  /// A width or precision above 9,999.
  case numberTooLarge
}

extension FormatFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .incompleteSpecifier: "incomplete format specifier at the end"
    case .invalidSpecifier(let byte): "invalid format specifier '\(SafeText.escaped([byte]))'"
    case .incompleteEscape: "incomplete escape at the end: write '\\\\' for a backslash"
    case .invalidEscape(let byte): "invalid escape '\\\(SafeText.escaped([byte]))'"
    case .numberTooLarge: "a width or precision is above 9999"
    }
  }
}
