// What the gaps of a template stand for.

import OptionTable

/// Puts values in the places of `{{n}}`, `{{now}}`, `{{uuid}}`, `{{rand 0 100}}`, `{{env HOME}}` and names.
struct TemplateFilling: Sendable {
  private var values: [[UInt8]: [UInt8]] = [:]
  /// The template's file, as origins name it.
  private let file: String
  /// The payload with its gaps.
  var payload: [UInt8]?
  /// Messages filled so far.
  fileprivate var count = 0

  /// - Parameter values: `KEY=VALUE`.
  init(file: String, _ values: [Argument], count: Int = 0) throws(OptionError) {
    self.file = file
    self.count = count
    for word in values {
      let (key, value) = try Self.assignment(word)
      self.values[key] = value
    }
  }

  /// - Returns: nil where the options name no template.
  init?(_ gathered: Gathered) throws(OptionError) {
    var template: Argument?
    var values: [Argument] = []
    for occurrence in gathered.occurrences {
      switch occurrence.name {
      case .long("template"): template = occurrence.values.first
      case .long("set"): values += occurrence.values
      default: continue
      }
    }
    guard let template else {
      if values.isEmpty { return nil }
      throw OptionError("--set needs --template")
    }
    let path = try ConfigFiles(for: nil).path(of: template, in: .template)
    try self.init(file: Argument(bytes: path).shown, values)
  }

  static func assignment(_ word: Argument) throws(OptionError) -> (key: [UInt8], value: [UInt8]) {
    guard let equals = word.bytes.firstIndex(of: UInt8(ascii: "=")), equals > 0 else {
      throw OptionError("'\(word.shown)' is not KEY=VALUE")
    }
    return (Array(word.bytes[..<equals]), Array(word.bytes[(equals + 1)...]))
  }

  /// Fills the gaps of the template's options but those of the payload, which has its turn at each message.
  mutating func fill(_ gathered: inout Gathered) throws(OptionError) {
    count += 1
    for place in gathered.occurrences.indices {
      let occurrence = gathered.occurrences[place]
      guard occurrence.origin.source == file, !Self.isPayload(occurrence.name) else { continue }
      var filled: [Argument] = []
      for value in occurrence.values {
        do throws(OptionError) {
          filled.append(Argument(bytes: try self.filled(value.bytes)))
        } catch {
          throw OptionError("\(occurrence.origin.prefix)\(error.text)")
        }
      }
      gathered.occurrences[place].values = filled
    }
    count -= 1
  }

  private static func isPayload(_ name: OptionName) -> Bool {
    name == .short("m") || name == .long("message")
  }

  /// The next message's payload; nil where it has no gaps.
  mutating func next() throws(Failure) -> [UInt8]? {
    count += 1
    guard let payload else { return nil }
    do throws(OptionError) { return try filled(payload) } catch {
      throw Failure(.usage, "\(file): \(error.text)")
    }
  }

  // MARK: Gaps

  /// The text with what its gaps stand for.
  func filled(_ text: [UInt8]) throws(OptionError) -> [UInt8] {
    var filled: [UInt8] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: brace), open + 1 < rest.endIndex {
      guard rest[open + 1] == brace, let close = Self.close(in: rest[(open + 2)...]) else {
        filled += rest[...open]
        rest = rest[(open + 1)...]
        continue
      }
      filled += rest[..<open]
      filled += try value(rest[(open + 2)..<close])
      rest = rest[(close + 2)...]
    }
    return filled + rest
  }

  private static func close(in text: ArraySlice<UInt8>) -> Int? {
    let end = UInt8(ascii: "}")
    return text.indices.first { $0 + 1 < text.endIndex && text[$0] == end && text[$0 + 1] == end }
  }

  private func value(_ gap: ArraySlice<UInt8>) throws(OptionError) -> [UInt8] {
    let words = gap.split(separator: UInt8(ascii: " ")).map { Argument(bytes: Array($0)) }
    guard let name = words.first else { throw OptionError("'{{}}' names nothing") }
    if words.count == 1, let value = values[name.bytes] { return value }
    switch (name.text, words.count) {
    case ("n", 1): return Array(String(count).utf8)
    case ("now", 1): return Array(GapText.now().utf8)
    case ("uuid", 1): return Array(GapText.uuid().utf8)
    case ("rand", 3):
      let low: Int = try words[1].integer(in: Int.min...Int.max)
      let high: Int = try words[2].integer(in: Int.min...Int.max)
      if low > high { throw OptionError("'{{\(Self.shown(gap))}}' is no range") }
      return Array(String(Int.random(in: low...high)).utf8)
    case ("env", 2):
      if let value = EnvironmentVariable.bytes(words[1].text ?? "") { return value }
      throw OptionError("'{{\(Self.shown(gap))}}': there is no such variable")
    default:
      throw OptionError("'{{\(Self.shown(gap))}}' has no value: \(name.shown)=VALUE gives it one")
    }
  }

  private static func shown(_ gap: ArraySlice<UInt8>) -> String {
    Argument(bytes: Array(gap)).shown
  }
}

extension Settings {
  /// Fills the payload for the first message.
  mutating func fillPayload(_ filling: TemplateFilling?) throws(OptionError) {
    guard var filling, case .message(let payload) = publishing.source else { return }
    filling.payload = payload
    // Each message is filled when its turn comes; a gap without value is a mistake now.
    var first = filling
    first.count += 1
    publishing.source = .message(try first.filled(payload))
    publishing.filling = filling
  }
}

private let brace = UInt8(ascii: "{")
