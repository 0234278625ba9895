// The bytes of a keyboard, taken apart.

/// Makes characters of UTF-8, and finds what is pasted between a terminal's marks (bracketed paste).
struct KeyReader {
  enum Key: Hashable {
    case character(UInt32)
    /// A text as a whole.  Its line ends are newlines, and nothing in it acts.
    case paste([UInt32])
    /// Ctrl-C.
    case interrupt
    /// Ctrl-Z.
    case suspension
  }

  private var bytes: [UInt8] = []
  private var at = 0
  private var pasted: [UInt8]?
  private var isComplete = false

  private static let begin = Array("\u{1b}[200~".utf8)
  private static let end = Array("\u{1b}[201~".utf8)

  /// Takes what a read brought.
  mutating func add(_ block: ArraySlice<UInt8>) {
    // A paste whose end never comes is left by Ctrl-C alone.
    if pasted != nil, block.elementsEqual(CollectionOfOne(0x03)) { pasted = nil }
    bytes.removeFirst(at)
    at = 0
    bytes += block
    isComplete = false
  }

  /// What is there may be the begin of more that comes at once.
  var isPartial: Bool { at < bytes.count && pasted == nil && !isComplete }

  /// Nothing more came at once.
  mutating func completeNow() { isComplete = true }

  /// The next key, or nil when there is none as yet.
  mutating func next() -> Key? {
    while at < bytes.count {
      if pasted != nil { return nextOfPaste() }
      let rest = bytes[at...]
      if rest.starts(with: Self.begin) {
        at += Self.begin.count
        pasted = []
        continue
      }
      if !isComplete, Self.begin.starts(with: rest) { return nil }
      switch bytes[at] {
      case 0x03:
        at += 1
        return .interrupt
      case 0x1a:
        at += 1
        return .suspension
      default: break
      }
      guard let scalar = nextScalar() else { return nil }
      // C1 has no key, and one of its characters is ours.
      if !(0x80...0x9f).contains(scalar) { return .character(scalar) }
    }
    return nil
  }

  /// - Returns: nil where only the begin of a character is there.
  private mutating func nextScalar() -> UInt32? {
    var decoder = UTF8()
    var input = bytes[at...].prefix(4).makeIterator()
    let lead = bytes[at]
    let length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    if bytes.count - at < length, !isComplete { return nil }
    guard case .scalarValue(let scalar) = decoder.decode(&input) else {
      at += 1
      return 0xfffd
    }
    at += UTF8.width(scalar)
    return scalar.value
  }

  private mutating func nextOfPaste() -> Key? {
    var text = pasted ?? []
    // The end mark may come in two reads.
    let start = max(0, text.count - Self.end.count)
    text += bytes[at...]
    at = bytes.count
    guard let mark = Self.place(of: Self.end, in: text, from: start) else {
      // No line takes so much, however it goes on.
      if text.count > Self.most { text.removeSubrange(Self.most..<(text.count - Self.end.count)) }
      pasted = text
      return nil
    }
    at -= text.count - mark - Self.end.count
    pasted = nil
    return .paste(Self.clean(text[..<mark]))
  }

  private static let most = 1 << 20

  private static func place(of mark: [UInt8], in text: [UInt8], from start: Int) -> Int? {
    var at = start
    while let found = text[at...].firstIndex(of: mark[0]) {
      if text[found...].starts(with: mark) { return found }
      at = found + 1
    }
    return nil
  }

  /// Line ends become newlines; other control characters but tabs are left out.
  private static func clean(_ bytes: ArraySlice<UInt8>) -> [UInt32] {
    var text: [UInt32] = []
    var last: UInt32 = 0
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars.map(\.value) {
      switch scalar {
      case 0x0a where last == 0x0d: break
      case 0x0a, 0x0d: text.append(0x0a)
      case 0x09: text.append(scalar)
      case 0..<0x20, 0x7f...0x9f: break
      default: text.append(scalar)
      }
      last = scalar
    }
    while text.last == 0x0a { text.removeLast() }
    return text
  }
}
