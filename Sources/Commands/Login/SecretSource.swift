// Secrets that stand elsewhere than on the command line, where other users of the machine see them.

import OptionTable
import Transport

/// Where a secret is to be found.
enum SecretSource: Hashable, Sendable {
  case word([UInt8])
  case file(String)
  case environment(String)
  /// `option` is what named it, for messages.
  case descriptor(CInt, option: String)
  case command([UInt8], option: String)
  case prompt(question: String, option: String)

  /// What MQTT can carry, and more than any secret has.
  private static let limit = 65_535

  /// - Returns: all of it, without a newline at its end.
  /// - Throws: `.secret`, `.file`, `.tooLarge`, `.command`, `.inputTimedOut`, `.interrupted`.
  func read(until deadline: Duration?, stop: StopSignals?) throws(TransportError) -> [UInt8] {
    CoreDumps.forbid()
    switch self {
    case .word(let bytes): return bytes
    case .environment(let name):
      if let value = EnvironmentVariable.bytes(name) { return value }
      throw .secret(name: name, reason: "the environment has no such variable")
    case .file(let path):
      let file = try InputFile(path: Array(path.utf8), name: path)
      if file.isReadableByOthers {
        throw .secret(name: path, reason: "other users can read this secret; chmod 600 prevents it")
      }
      return try Self.found(
        try file.readAll(limit: Self.limit, until: deadline, stop: stop), in: path)
    case .descriptor(let number, let option):
      let file = InputFile(descriptor: number, name: "\(option) \(number)", isOwned: number > 2)
      return try Self.found(
        try file.readAll(limit: Self.limit, until: deadline, stop: stop), in: "\(option) \(number)")
    case .command(let command, let option):
      let output = try CommandOutput.read(
        command, for: option, limit: Self.limit, until: deadline, stop: stop)
      let secret = Self.line(output)
      if secret.isEmpty { throw .command(option: option, .silent) }
      return secret
    case .prompt(let question, let option):
      let answer = try TerminalPrompt.secret(question, until: deadline, stop: stop)
      if let answer { return answer }
      throw .secret(name: option, reason: "there is no terminal to ask at")
    }
  }

  /// A person is asked, and may take a while.
  var isPrompt: Bool {
    if case .prompt = self { return true }
    return false
  }

  /// It may tell another secret each time.
  var isCommand: Bool {
    if case .command = self { return true }
    return false
  }

  /// Standard input, which messages come from where they do: one of both would be lost.
  var isStandardInput: Bool {
    switch self {
    case .descriptor(0, _), .file("/dev/stdin"), .file("/dev/fd/0"), .file("/proc/self/fd/0"): true
    default: false
    }
  }

  /// What was to be fetched there is missing more often than a secret is meant to be empty.
  private static func found(
    _ bytes: [UInt8], in place: String
  ) throws(TransportError) -> [UInt8] {
    let secret = line(bytes)
    if secret.isEmpty { throw .secret(name: place, reason: "there is no secret in it") }
    return secret
  }

  private static func line(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.last == UInt8(ascii: "\n") else { return bytes }
    let line = bytes.dropLast()
    return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
  }
}
