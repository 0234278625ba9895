/// Reads a command line as GNU programs do: `-q 1`, `-q1`, `-vt x`, `--qos 1`, `--qos=1`, `--`.
///
/// One pass, left to right; a value may start with a dash.  Knows names and values only: what an
/// option does is for the caller to apply, once all are found.
package struct ShellGrammar {
  private let options: [OptionDescription]
  private var rest: ArraySlice<Argument>
  /// The word of short options being read and the place of the next one in it.
  private var cluster: (word: Argument, next: Int)?
  private var optionsEnded = false
  private let takesOperands: Bool
  /// Words that are no options; a mistake unless they are taken.
  private(set) var operands: [Argument] = []

  package init(
    _ arguments: ArraySlice<Argument>, options: [OptionDescription], takesOperands: Bool = false
  ) {
    self.options = options
    self.takesOperands = takesOperands
    rest = arguments
  }

  /// Returns the next option, or nil at the end.
  package mutating func next() throws(GrammarError) -> Occurrence? {
    if let (word, next) = cluster { return try readShort(in: word, at: next) }
    while let word = rest.popFirst() {
      if optionsEnded || word.bytes.count < 2 || word.bytes[0] != dash {
        guard takesOperands else { throw .stray(word) }
        operands.append(word)
      } else if word.bytes[1] != dash {
        return try readShort(in: word, at: 1)
      } else if word.bytes.count == 2 {
        optionsEnded = true
      } else {
        return try readLong(word)
      }
    }
    return nil
  }

  private mutating func readLong(_ word: Argument) throws(GrammarError) -> Occurrence {
    let body = word.bytes[2...]
    let equals = body.firstIndex(of: UInt8(ascii: "="))
    let typed = body[..<(equals ?? body.endIndex)]
    guard let found = options.find(long: typed) else {
      throw .unknown(.long(Argument(bytes: Array(typed))), word: word)
    }
    let attached = equals.map { Argument(bytes: Array(body[($0 + 1)...])) }
    if attached != nil, found.undoes || options[found.index].value == .none {
      throw .unwantedValue(found.name)
    }
    return try read(found, attached: attached)
  }

  private mutating func readShort(
    in word: Argument, at position: Int
  ) throws(GrammarError) -> Occurrence {
    cluster = nil
    let letter = word.bytes[position]
    guard let found = options.find(short: letter) else {
      let tail = letter < 0x80 ? [letter] : Array(word.bytes[position...])
      throw .unknown(.short(Argument(bytes: tail)), word: word)
    }
    let tail = word.bytes[(position + 1)...]
    if options[found.index].value == .none {
      if !tail.isEmpty { cluster = (word, position + 1) }
      return try read(found, attached: nil)
    }
    return try read(found, attached: tail.isEmpty ? nil : Argument(bytes: Array(tail)))
  }

  /// Takes the values of an option: the attached word first, then as many as it wants.
  private mutating func read(
    _ found: FoundOption, attached: Argument?
  ) throws(GrammarError) -> Occurrence {
    var occurrence = Occurrence(
      index: found.index, name: found.name, values: [], undoes: found.undoes)
    var wanted = found.undoes ? .end : options[found.index].value.words
    if let attached {
      occurrence.values.append(attached)
      wanted = wanted.after(attached)
    }
    while let placeholder = wanted.placeholder {
      guard let word = rest.popFirst() else {
        throw .missingValue(found.name, placeholder: placeholder)
      }
      occurrence.values.append(word)
      wanted = wanted.after(word)
    }
    return occurrence
  }
}

/// An option and the spelling it was found by.
struct FoundOption {
  var index: Int
  var name: OptionName
  var undoes = false
}

extension [OptionDescription] {
  func find(_ typed: GrammarError.UnknownName) -> FoundOption? {
    switch typed {
    case .short(let letter): letter.bytes.first.flatMap(find(short:))
    case .long(let name): find(long: name.bytes[...])
    }
  }

  /// Finds a long name, given without its dashes, or `no-` and a long name.
  fileprivate func find(long typed: ArraySlice<UInt8>) -> FoundOption? {
    if let (index, name) = find(exactly: typed) {
      return FoundOption(index: index, name: .long(name))
    }
    guard typed.starts(with: "no-".utf8), let (index, name) = find(exactly: typed.dropFirst(3)),
      self[index].group != .help
    else { return nil }
    return FoundOption(index: index, name: .long("no-\(name)"), undoes: true)
  }

  private func find(exactly typed: ArraySlice<UInt8>) -> (index: Int, name: String)? {
    for (index, option) in enumerated() {
      if let long = option.long, long.utf8.elementsEqual(typed) { return (index, long) }
      for name in option.also where name.utf8.elementsEqual(typed) { return (index, name) }
    }
    return nil
  }

  fileprivate func find(short letter: UInt8) -> FoundOption? {
    for (index, option) in enumerated() {
      if let short = option.short, short.asciiValue == letter {
        return FoundOption(index: index, name: .short(short))
      }
    }
    return nil
  }
}

private let dash = UInt8(ascii: "-")
