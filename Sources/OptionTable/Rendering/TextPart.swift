/// A piece of a text of the table: words, or a `{reference}` to an option.
enum TextPart: Hashable {
  case text(String)
  case reference(String)

  /// Only `{lowercase-and-digits}` or `{X}` is a reference; other braces are themselves.
  static func parts(of text: String) -> [TextPart] {
    var parts: [TextPart] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      let inside = rest[rest.index(after: open)...]
      // Doubled braces are a template's.
      if inside.first == "{" {
        let end = inside.index(after: inside.startIndex)
        parts.append(.text(String(rest[..<end])))
        rest = rest[end...]
        continue
      }
      let key = inside.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
      if !key.isEmpty, key.endIndex < rest.endIndex, rest[key.endIndex] == "}" {
        if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
        parts.append(.reference(String(key)))
        rest = rest[rest.index(after: key.endIndex)...]
      } else {
        parts.append(.text(String(rest[..<inside.startIndex])))
        rest = inside
      }
    }
    return rest.isEmpty ? parts : parts + [.text(String(rest))]
  }
}

extension CommandDescription {
  /// The option that `{key}` refers to.
  func option(for key: String) -> OptionDescription? {
    options.first { $0.key == key }
  }

  /// A text of the table with the names of options in place of references.
  package func plain(_ text: String) -> String {
    TextPart.parts(of: text).map { part in
      switch part {
      case .text(let text): text
      case .reference(let key): option(for: key)?.name.shown ?? "{\(key)}"
      }
    }.joined()
  }
}
