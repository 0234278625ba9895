import OptionTable

/// How one option of mosquitto's clients is taken: its names word for word, and mosquitto's own texts.
///
/// What apus and mosquitto understand alike stands in the option table alone: a rule without an effect of
/// its own does what the table says.
struct Rule: Sendable {
  let names: [StaticString]
  let tools: Tools
  /// The end of `Error: -k argument given but no keepalive specified.`; nil for a flag.
  let missing: StaticString?
  let effect: Effect

  typealias Change = @Sendable (Argument, inout Wishes) throws(Complaint) -> Void

  enum Effect: Sendable {
    /// What the option table does for the option of the same name.
    case asInTheTable
    case own(Change)
  }

  /// A flag.
  static func flag(
    _ names: StaticString..., for tools: Tools = .all, effect: Change? = nil
  ) -> Rule {
    Rule(names: names, tools: tools, missing: nil, effect: effect.map { .own($0) } ?? .asInTheTable)
  }

  /// An option with one value.
  static func value(
    _ names: StaticString..., for tools: Tools = .all, missing: StaticString,
    effect: @escaping Change
  ) -> Rule {
    Rule(names: names, tools: tools, missing: missing, effect: .own(effect))
  }

  /// Mosquitto's messages name the short option, whatever was typed, and one that is not there.
  var calledInErrors: StaticString {
    let first = names.first ?? ""
    return "\(first)" == "-V" ? "--protocol-version" : first
  }

  /// Every option of mosquitto's clients but `-D`, `-o`, `--help` and `--version`.
  static var all: [Rule] { connection + will + message + subscription + tls }

  func isCalled(_ word: Argument) -> Bool {
    names.contains { name in
      name.utf8CodeUnitCount == word.bytes.count
        && word.bytes.elementsEqual(
          UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }
  }
}
