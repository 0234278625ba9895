import OptionTable

/// One of mosquitto's three clients, whose place apus takes.
enum Tool: String, Hashable, Sendable, CaseIterable {
  case pub, sub, rr

  /// `mosquitto_pub`.
  var name: String { "mosquitto_" + rawValue }

  var command: CommandName {
    switch self {
    case .pub: .pub
    case .sub: .sub
    case .rr: .rr
    }
  }

  /// Finds out whether the program was called as one of them: by its name, or by `--drop-in` as the first
  /// word, which is for tests.
  ///
  /// - Parameter arguments: the command line with the program's name.
  /// - Returns: the tool, and the words that are its own.
  static func called(_ arguments: [Argument]) -> (Tool, ArraySlice<Argument>)? {
    guard let path = arguments.first else { return nil }
    let slash = path.bytes.lastIndex(of: UInt8(ascii: "/"))
    let own = path.bytes[(slash.map { $0 + 1 } ?? 0)...]
    let words = arguments.dropFirst()
    for tool in allCases where tool.name.utf8.elementsEqual(own) { return (tool, words) }
    guard words.count > 1, words[1].bytes.elementsEqual("--drop-in".utf8),
      let tool = allCases.first(where: { $0.rawValue.utf8.elementsEqual(words[2].bytes) })
    else { return nil }
    return (tool, words.dropFirst(2))
  }
}

/// A set of tools.
struct Tools: OptionSet, Sendable {
  let rawValue: UInt8

  static let pub = Tools(rawValue: 1)
  static let sub = Tools(rawValue: 2)
  static let rr = Tools(rawValue: 4)
  static let all: Tools = [.pub, .sub, .rr]

  func contains(_ tool: Tool) -> Bool {
    switch tool {
    case .pub: contains(Tools.pub)
    case .sub: contains(Tools.sub)
    case .rr: contains(Tools.rr)
    }
  }
}
