import OptionTable

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
