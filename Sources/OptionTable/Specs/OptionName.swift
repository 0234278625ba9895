/// One spelling of an option, without its dashes.
package enum OptionName: Hashable, Sendable {
  case short(Character)
  case long(String)

  /// `-q` or `--qos`.
  package var shown: String {
    switch self {
    case .short(let letter): "-\(letter)"
    case .long(let name): "--\(name)"
    }
  }
}
