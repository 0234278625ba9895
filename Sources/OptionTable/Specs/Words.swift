/// The words of an option that takes several, where each word decides what may follow.
///
/// `-D CMD NAME VALUE [VALUE]` is a choice of commands, each followed by a choice of names, each
/// followed by one free word or two.
package indirect enum Words: Hashable, Sendable {
  case end
  case any(String, then: Words = .end)
  case choice(String, [Branch])

  /// One word of a choice and what follows it.
  package struct Branch: Hashable, Sendable {
    package var word: String
    package var then: Words

    package init(_ word: String, then: Words = .end) {
      self.word = word
      self.then = then
    }

    fileprivate func matches(_ argument: Argument) -> Bool {
      word.utf8.elementsEqual(argument.bytes) { lowercase($0) == lowercase($1) }
    }
  }

  /// What the next word is called, or nil when no word is wanted.
  package var placeholder: String? {
    switch self {
    case .end: nil
    case .any(let name, _), .choice(let name, _): name
    }
  }

  /// What follows `argument`; nothing follows a word that is none of the choices, so that the
  /// effect sees it and can name it.  Letters match in either case.
  package func after(_ argument: Argument) -> Words {
    switch self {
    case .end: .end
    case .any(_, let then): then
    case .choice(_, let branches):
      branches.first { $0.matches(argument) }?.then ?? .end
    }
  }

  /// The word may stand here.
  func allows(_ argument: Argument) -> Bool {
    guard case .choice(_, let branches) = self else { return self != .end }
    return branches.contains { $0.matches(argument) }
  }

  /// Every way on from here: the word, or nil for a free one, and what follows it.
  var branches: [(word: String?, then: Words)] {
    switch self {
    case .end: []
    case .any(_, let then): [(nil, then)]
    case .choice(_, let branches): branches.map { ($0.word, $0.then) }
    }
  }

  /// The name of each place in order and whether the words may end before it.
  var places: [(name: String, isOptional: Bool)] {
    var places: [(name: String, isOptional: Bool)] = []
    var level = [self]
    while true {
      guard let name = level.lazy.compactMap(\.placeholder).first else { return places }
      places.append((name, places.last?.isOptional == true || level.contains(.end)))
      level = level.flatMap { $0.branches.map(\.then) }
    }
  }
}

private func lowercase(_ byte: UInt8) -> UInt8 {
  (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}
