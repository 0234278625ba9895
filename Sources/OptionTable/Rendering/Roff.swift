/// Writing mdoc, the language of manual pages: a text becomes lines that say exactly that text.
enum Roff {
  /// Escapes what roff would take as its own or set in type: backslashes, dashes, quotes, accents.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\(rs"
      case "-": escaped += "\\-"
      case "'": escaped += "\\(aq"
      case "\"": escaped += "\\(dq"
      case "`": escaped += "\\(ga"
      case "^": escaped += "\\(ha"
      case "~": escaped += "\\(ti"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F: escaped += " "
      case _ where scalar.isASCII: escaped.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let zeros = String(repeating: "0", count: max(4 - digits.count, 0))
        escaped += "\\[u\(zeros)\(digits)]"
      }
    }
    return escaped
  }

  /// One argument of a macro: never a macro itself, and one word although it has blanks.
  static func argument(_ text: String) -> String {
    text.contains(" ") ? "\"\\&\(escaped(text))\"" : "\\&\(escaped(text))"
  }

  static func bold(_ text: String) -> String {
    "\\fB\(escaped(text))\\fR"
  }

  static func italic(_ text: String) -> String {
    "\\fI\(escaped(text))\\fR"
  }

  /// How long a line of text gets.
  static let width = 78

  /// Text lines from escaped text: each sentence on lines of its own, none mistaken for a request.
  static func lines(_ escaped: String) -> [String] {
    var sentences = [""]
    for word in escaped.split(separator: " ") {
      sentences[sentences.count - 1] += " \(word)"
      if let end = word.last, ".!?".contains(end) { sentences.append("") }
    }
    return sentences.flatMap { wrapped($0, width: width) }.map(guarded)
  }

  private static func guarded(_ line: String) -> String {
    line.first == "." || line.first == "'" ? "\\&\(line)" : line
  }
}
