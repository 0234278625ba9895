import OptionTable

extension OptionGroup {
  static let connection = OptionGroup("Connection", order: 1)
  static let tls = OptionGroup("TLS", order: 8)
  static let route = OptionGroup("WebSocket and proxies", order: 9)
  static let sealing = OptionGroup("Sealed payloads", order: 7)
  static let session = OptionGroup("Session", order: 2)
  static let request = OptionGroup("Request", order: 3)
  static let message = OptionGroup("Message", order: 3)
  static let subscription = OptionGroup("Subscription", order: 4)
  static let selection = OptionGroup("Which messages, how many", order: 5)
  static let output = OptionGroup("Output", order: 6)
  static let serving = OptionGroup("Answering", order: 6)
  static let shell = OptionGroup("Commands", order: 1)
  static let will = OptionGroup("Will", order: 7)
  static let files = OptionGroup("Files of options", order: 10)
}

extension CommandName {
  static let pub: CommandName = "pub"
  static let sub: CommandName = "sub"
  static let rr: CommandName = "rr"
  static let tls: CommandName = "tls"
  static let key: CommandName = "key"
  static let outbox: CommandName = "outbox"
  static let bench: CommandName = "bench"
  static let repl: CommandName = "repl"
  static let config: CommandName = "config"
}

extension [CommandName] {
  static let pub: Self = [CommandName.pub]
  static let sub: Self = [CommandName.sub]
  /// Every command that talks to a broker.
  static let all: Self = [CommandName.pub, .sub, .rr, .bench, .outbox, .tls]
}

typealias Option = OptionSpec<Settings>

extension Option {
  /// A command's options, in the order in which help shows them.
  static func table(for command: CommandName) -> [Option] {
    switch command {
    case .config: return fileOptions + endings
    case .bench: return benchTable + fileOptions + endings
    case .outbox: return outboxTable + fileOptions + endings
    case .rr: return requestTable + fileOptions + endings
    case .tls: return explainTable + fileOptions + endings
    case .repl: return replTable
    case .key: return keyCommandOptions + endings
    default: break
    }
    var table: [Option] = []
    table.reserveCapacity(128)
    table += connectionOptions
    table += serverOptions
    table += loginOptions
    table += explainOptions
    table += sessionOptions
    table += lossOptions
    if command == .pub {
      table += messageOptions
      table += storingOptions
    } else {
      table += subscriptionOptions
      table += selectionOptions
      table += outputOptions
      table += execOptions(for: .sub)
    }
    table += willOptions
    table += sealingOptions.filter { $0.description.commands.contains(command) }
    table += tlsOptions
    table += routeOptions
    table += fileOptions
    table += endings
    return table
  }
}
