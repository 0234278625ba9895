import Foundation
import TestSupport

/// A configuration folder of the test's own, and the program run with it.
final class ConfigHome: Sendable {
  let directory = TemporaryDirectory()

  /// `FOLDER/apus/NAME` as messages show it.
  func path(_ name: String) -> String { directory.file("apus/\(name)") }

  /// - Parameter mode: as chmod takes it.
  @discardableResult
  func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
    try write(Array(text.utf8), to: name, mode: mode)
  }

  @discardableResult
  func write(_ bytes: [UInt8], to name: String, mode: Int = 0o600) throws -> String {
    let url = URL(fileURLWithPath: path(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
    return url.path
  }

  /// Starts a command line of apus that reads the folder's files.
  func start(
    _ words: [String], input: RunningProgram.Input = .none, environment: [String: String] = [:]
  ) throws -> RunningProgram {
    try RunningProgram(
      [Program.apus] + words, input: input,
      environment: ["XDG_CONFIG_HOME": directory.path].merging(environment) { $1 })
  }

  func run(
    _ words: [String], input: RunningProgram.Input = .none, environment: [String: String] = [:]
  ) throws -> (ending: Ending, output: String, errors: String) {
    let program = try start(words, input: input, environment: environment)
    let ending = try program.wait(within: 10)
    return (ending, program.outputText, program.errorText)
  }

  /// The options in force by `apus config`, without its comments.
  func options(_ words: [String], environment: [String: String] = [:]) throws -> [String] {
    try run(["config"] + words, environment: environment).output
      .split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
  }
}
