// What stands before the cursor, for completion.

/// The command that is being typed, as far as it goes: quotes are taken off, and variables stay names.
struct PromptWords {
  /// The words before the one that is typed.
  private(set) var words: [String] = []
  /// The word that is typed, and where it begins, in Unicode scalars.
  private(set) var word = ""
  private(set) var start = 0
  /// It stands behind `>`: the name of a file.
  private(set) var isFile = false
  /// It belongs to a command of the system's shell.
  private(set) var isForeign = false

  init(_ text: String) {
    var quote: Unicode.Scalar?
    var isEscaped = false
    var isInWord = false
    for (place, scalar) in text.unicodeScalars.enumerated() {
      if !isInWord, quote == nil { start = place }
      if isEscaped {
        word.unicodeScalars.append(scalar)
        isEscaped = false
        continue
      }
      switch scalar {
      case "\\" where quote != "'":
        isEscaped = true
        isInWord = true
      case "'", "\"":
        if quote == scalar {
          quote = nil
        } else if quote == nil {
          quote = scalar
        } else {
          word.unicodeScalars.append(scalar)
        }
        isInWord = true
      case _ where quote != nil: word.unicodeScalars.append(scalar)
      case ";", "\n":
        self = PromptWords(startingAt: place + 1)
        isInWord = false
      case "|":
        endWord(&isInWord)
        isForeign = true
      case "!" where words.isEmpty && !isInWord: isForeign = true
      case ">":
        endWord(&isInWord)
        isFile = true
      case " ", "\t": if isInWord { endWord(&isInWord) }
      default:
        word.unicodeScalars.append(scalar)
        isInWord = true
      }
    }
    if !isInWord { start = text.unicodeScalars.count }
  }

  private init(startingAt place: Int) { start = place }

  private mutating func endWord(_ isInWord: inout Bool) {
    if isInWord { words.append(word) }
    word = ""
    isInWord = false
  }
}
