// `apus key`: makes keys, shows what may be shown of them.

import OptionTable
import Sealing

/// The words of `apus key`.
struct KeyCommand {
  private let action: Action
  private let path: String

  private enum Action {
    case new(KeyType)
    case publicHalf
    case show
  }

  /// - Throws: what is wrong with the words.
  static func work(_ words: ArraySlice<Argument>) throws(OptionError) -> Work {
    // The names stand among the options, which the grammar of the others does not know.
    var names: [Argument] = []
    var options: [Argument] = []
    var rest = words
    var hasEnded = false
    while let word = rest.popFirst() {
      if hasEnded || word.bytes.count < 2 || word.bytes[0] != UInt8(ascii: "-") {
        names.append(word)
      } else if word == "--" {
        hasEnded = true
      } else {
        options.append(word)
        if word == "--type", let value = rest.popFirst() { options.append(value) }
      }
    }
    let parser = Parser(Program.spec(for: .key), of: Program.spec)
    switch try parser.parse(options[...], into: Settings()) {
    case .help: return .help(.key)
    case .version: return .version
    case .run(let settings): return .key(try KeyCommand(names, settings.keyType))
    }
  }

  private init(_ names: [Argument], _ type: KeyType?) throws(OptionError) {
    guard let action = names.first else {
      throw OptionError("what to do is missing: new, public or show")
    }
    switch action {
    case "new":
      guard let type else {
        throw OptionError("new needs --type, one of \(Self.types.joined(separator: ", "))")
      }
      self.action = .new(type)
    case "public": self.action = .publicHalf
    case "show": self.action = .show
    default: throw OptionError("'\(action.shown)' is not new, public or show")
    }
    if type != nil, action != "new" { throw OptionError("--type goes with new only") }
    guard names.count > 1, !names[1].bytes.isEmpty else {
      throw OptionError("\(action.shown) needs the name of a file")
    }
    if names.count > 2 { throw OptionError("unexpected argument '\(names[2].shown)'") }
    path = try names[1].string()
  }

  static let types = KeyType.allCases.map(\.name)

  func perform() throws(Failure) {
    switch action {
    case .new(let type):
      guard let key = Key.generate(type) else {
        throw Failure(.usage, "the system has no random numbers")
      }
      try KeyFile.create(path, key)
    case .publicHalf:
      let key = try KeyFile.read(path)
      guard let half = key.publicHalf else {
        throw Failure(.usage, "\(path): a key of the type \(key.type.name) is all secret")
      }
      try StandardOutput.print(half.text)
    case .show:
      let key = try KeyFile.read(path)
      try StandardOutput.print(
        "\(key.type.name) \(key.isSecret ? "secret" : "public") \(key.id)\n")
    }
  }
}

extension Option {
  static var keyCommandOptions: [Option] {
    [
      Option(
        long: "type", value: .oneOf("TYPE", KeyCommand.types), group: .sealing, commands: [.key],
        summary: "With new: what the key is for.",
        details:
          "aes-256-gcm and chacha20-poly1305 seal and open, and both sides have the same key.  "
          + "x25519 seals with the public half and opens with the secret one.  ed25519 signs with the "
          + "secret half and verifies with the public one.  hmac-sha256 signs and verifies, and both sides "
          + "have the same key."
      ) { (word, settings) throws(OptionError) in
        guard let type = word.text.flatMap(KeyType.init(rawValue:)) else {
          throw OptionError(
            "'\(word.shown)' is not one of \(KeyCommand.types.joined(separator: ", "))")
        }
        settings.keyType = type
      }
    ]
  }
}
