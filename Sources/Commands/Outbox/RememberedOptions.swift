// How an outbox's broker is reached: words of options, kept with the messages.

import Glibc
import OptionTable
import Outbox

/// Options that stand between the files and the command line of a run with an outbox.
struct RememberedOptions {
  /// As an outbox keeps them.
  private(set) var words: [Argument] = []
  /// Options whose value is a secret, and stays out.
  private(set) var leftOut: [OptionName] = []

  private static let groups: [OptionGroup] = [.connection, .tls, .route, .session, .will]
  /// Of these groups, what concerns a run and not the connection.
  private static let passing = [
    "qos", "disable-clean-session", "id-prefix", "timeout", "debug", "quiet", "on-loss", "retries",
    "protocol-version", "allow-control-characters", "pw-fd", "psk-fd", "key-pass-fd", "proxy-pw-fd",
  ]

  /// Where the broker is, but for the port.
  private static let places: [OptionName] = [
    .short("h"), .long("host"), .short("L"), .long("url"), .long("unix"), .short("S"), .long("srv"),
  ]

  static func isRemembered(_ option: OptionDescription) -> Bool {
    groups.contains(option.group) && !passing.contains(option.long ?? "")
  }

  // MARK: Reading

  /// The folder that the options name.
  static func folder(in gathered: Gathered) -> OutboxFolder? {
    let last = gathered.inForce.last { $0.name == .long("outbox") }
    return last?.values.first?.text.map { OutboxFolder($0) }
  }

  /// Puts what the outbox remembers between what files and what the line say.  Whether the outbox can be
  /// used at all is found out later.
  static func join(
    _ gathered: Gathered, _ folder: OutboxFolder, _ parser: Parser<Settings>
  ) -> Gathered {
    guard let store = try? MessageStore(folder, creating: false) else { return gathered }
    let own = parser.gather(words(of: store.ledger.options)[...])
    var joined = gathered
    joined.occurrences = []
    let files = gathered.occurrences.filter { $0.origin != .commandLine }
    let line = gathered.occurrences.filter { $0.origin == .commandLine }
    for layer in [files, own.occurrences, line] {
      // Servers that are named anew stand in place of those before, not beside them.
      if layer.contains(where: { places.contains($0.name) }) {
        joined.occurrences.removeAll { places.contains($0.name) }
      }
      joined.occurrences += layer
    }
    return joined
  }

  private static func words(of options: [UInt8]) -> [Argument] {
    options.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
      Argument(bytes: Array($0))
    }
  }

  /// As a person types them.
  static func text(of options: [UInt8]) -> String {
    words(of: options).map { $0.quoted }.joined(separator: " ")
  }

  // MARK: Keeping

  /// - Parameter gathered: all options in force.
  init(_ gathered: Gathered, _ table: [Option], _ settings: Settings) {
    var kept: [(option: OptionDescription, values: [Argument])] = []
    for occurrence in gathered.inForce {
      let option = table[occurrence.index].description
      guard Self.isRemembered(option), Self.isOfConnection(occurrence.values, of: option) else {
        continue
      }
      if !option.repeats { kept.removeAll { $0.option === option } }
      if let values = Self.open(occurrence.values, of: option) {
        let isThere = kept.contains { $0.option === option && $0.values == values }
        if !isThere { kept.append((option, values)) }
      } else {
        leftOut.append(option.name)
      }
    }
    for (option, values) in kept {
      words.append(Argument(stringLiteral: option.name.shown))
      words += values
    }
    // Other options choose it too.
    let version =
      switch settings.connection.version {
      case .v5: "5"
      case .v311: "311"
      case .v31: "31"
      }
    words += ["--protocol-version", Argument(stringLiteral: version)]
  }

  var bytes: [UInt8] { words.flatMap { $0.bytes + [0] } }

  /// Properties of messages are the messages' own.
  private static func isOfConnection(_ values: [Argument], of option: OptionDescription) -> Bool {
    option.long != "property"
      || ["connect", "will", "disconnect"].contains(values.first?.text?.lowercased() ?? "")
  }

  /// The values without secrets, with paths that hold wherever a later run stands; nil where the value is
  /// a secret and nothing else.
  private static func open(_ values: [Argument], of option: OptionDescription) -> [Argument]? {
    if let secret = option.secret, secret.mask(values) != values {
      return values.count == 1 ? Secret.withoutPassword(values[0]).map { [$0] } : nil
    }
    switch option.value {
    case .file, .directory: return values.map(absolute)
    default: return values
    }
  }

  private static func absolute(_ path: Argument) -> Argument {
    guard let first = path.bytes.first, first != UInt8(ascii: "/"), let folder = getcwd(nil, 0)
    else { return path }
    defer { free(folder) }
    let start = [UInt8](UnsafeRawBufferPointer(start: folder, count: strlen(folder)))
    return Argument(bytes: start + "/".utf8 + path.bytes)
  }
}

extension Secret {
  /// A URL without what `login` masks: `mqtt://user@host`; nil for a secret of another kind.
  fileprivate static func withoutPassword(_ url: Argument) -> Argument? {
    let masked = login.mask([url])[0].bytes
    let password = ":".utf8 + mask.bytes + "@".utf8
    guard masked != url.bytes,
      let start = masked.indices.first(where: { masked[$0...].starts(with: password) })
    else { return nil }
    return Argument(bytes: Array(masked[..<start] + masked[(start + password.count - 1)...]))
  }
}
