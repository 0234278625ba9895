/// What an option takes, named as help names it, and what completion may offer for it.
package enum OptionValue: Hashable, Sendable {
  case none
  case text(String)
  case number(String)
  case file(String)
  case directory(String)
  case host(String)
  /// One of the files in the program's folder of profiles.
  case profile(String)
  /// The values that are offered; the effect decides which are taken.
  case oneOf(String, [String])
  case words(Words)

  /// `LEVEL`, or `CMD NAME VALUE [VALUE]`, or nothing for a flag.
  package var placeholder: String {
    places.map { $0.isOptional ? "[\($0.name)]" : $0.name }.joined(separator: " ")
  }

  var places: [(name: String, isOptional: Bool)] { words.places }

  /// It is not several words: in a file it is the rest of the line.
  var isSingle: Bool {
    if case .words = self { false } else { true }
  }

  /// The words that follow the option on a command line.
  var words: Words {
    switch self {
    case .none: .end
    case .text(let name), .number(let name), .file(let name), .directory(let name),
      .host(let name), .profile(let name), .oneOf(let name, _):
      .any(name)
    case .words(let words): words
    }
  }
}
