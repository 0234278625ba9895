/// Says things about a run under the command's name.
struct Reporter: Sendable {
  /// Nil before a command is known.
  var command: String?
  var personality = Personality.apus
  var isQuiet = false

  /// One line on standard error, unless `--quiet`.
  func say(_ text: String) {
    if isQuiet || text.isEmpty { return }
    switch personality {
    case .apus: StandardError.line("apus\(command.map { " " + $0 } ?? ""): \(text)")
    case .dropIn:
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        StandardError.line(String(line))
      }
    }
  }
}
