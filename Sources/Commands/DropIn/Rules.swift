extension Rule {
  /// Every option of mosquitto's clients but `-D`, `-o`, `--help` and `--version`.
  static var all: [Rule] { connection + will + message + subscription + tls }
}
