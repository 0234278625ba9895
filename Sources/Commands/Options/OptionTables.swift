import OptionTable

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
