import MQTTProtocol
import OptionTable

/// What the words of one of mosquitto's command lines say, before it is known whether it fits together.
struct Wishes {
  let tool: Tool
  var settings = Settings()
  /// A path where the port is 0.
  var host = "localhost"
  var port: Int32?
  var topic: Argument?
  var responseTopic: TopicName?
  var clientID: Argument?
  var clientIDPrefix: Argument?
  var userName: Argument?
  var password: Argument?
  var properties: [(target: Settings.PropertyTarget, property: Property)] = []
  var tls = TLS()

  init(_ tool: Tool) {
    self.tool = tool
    settings.personality = .dropIn(tool)
    settings.connection.version = tool == .rr ? .v5 : .v311
    settings.connection.window = 20
  }

  /// What ends the reading at once.
  enum Ending { case help, version }

  /// Takes in options in their order; each counts as it stands.
  mutating func read(
    _ words: ArraySlice<Argument>, _ rules: [Rule], _ table: [Option]
  ) throws(Complaint) -> Ending? {
    var rest = words
    while let word = rest.popFirst() {
      switch word {
      case "--help": return .help
      case "--version": return .version
      case "-o":
        // Looked for beforehand; in a file it has no meaning.
        rest = rest.dropFirst()
      case "-D", "--property": try readProperty(&rest)
      default: try read(word, &rest, rules, table)
      }
    }
    return nil
  }

  private mutating func read(
    _ word: Argument, _ rest: inout ArraySlice<Argument>, _ rules: [Rule], _ table: [Option]
  ) throws(Complaint) {
    guard let rule = rules.first(where: { $0.tools.contains(tool) && $0.isCalled(word) }) else {
      throw Complaint("Unknown option '\(word.shown)'.", spaced: false)
    }
    var value: Argument = ""
    if let missing = rule.missing {
      guard let next = rest.popFirst() else {
        throw Complaint("\(rule.calledInErrors) argument given but \(missing).")
      }
      value = next
    }
    switch rule.effect {
    case .own(let change): try change(value, &self)
    case .asInTheTable: try apply(rule, table)
    }
  }

  private mutating func apply(_ rule: Rule, _ table: [Option]) throws(Complaint) {
    let option = table.first { option in
      option.description.names.contains { name in
        rule.names.contains {
          Argument(stringLiteral: name.shown) == Argument(stringLiteral: "\($0)")
        }
      }
    }
    guard case .flag(let effect) = option?.effect else { return }
    do { try effect(&settings) } catch { throw Complaint(error.text) }
  }
}
