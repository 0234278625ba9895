import Foundation
import TestSupport
import Testing

/// Help, versions, and command names.
@Suite("Help and versions") struct CommandLineHelpTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let line: String
    let begins: String
    var testDescription: String { "apus \(line)" }
    init(_ line: String, _ begins: String) {
      self.line = line
      self.begins = begins
    }
  }

  static let answers: [Row] = [
    Row("--help", "Usage: apus "), Row("help", "Usage: apus "),
    Row("help pub", "Usage: apus pub "), Row("help sub", "Usage: apus sub "),
    Row("pub --help", "Usage: apus pub "), Row("sub --help", "Usage: apus sub "),
    Row("sub -t a --help", "Usage: apus sub "),
    Row("--version", "apus "), Row("pub --version", "apus "), Row("sub --version", "apus "),
  ]

  @Test(arguments: answers) func answer(_ row: Row) throws {
    let result = try Program.run(row.line.split(separator: " ").map(String.init))
    let output = String(decoding: result.output, as: UTF8.self)
    #expect(result.ending == .exited(0))
    #expect(result.errors.isEmpty)
    #expect(output.hasPrefix(row.begins))
    #expect(output.hasSuffix("\n"))
    #expect(output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(output)")
  }

  static let mistakes: [Row] = [
    Row("pbu", "apus: unknown command 'pbu' (did you mean 'pub'?)"),
    Row("subb", "apus: unknown command 'subb' (did you mean 'sub'?)"),
    Row("publish", "apus: unknown command 'publish'"),
    Row("help pbu", "apus: unknown command 'pbu' (did you mean 'pub'?)"),
    Row("help pub sub", "apus: unexpected argument 'sub'"),
    Row("-t a pub", "apus: a command must come before '-t'"),
  ]

  @Test(arguments: mistakes) func mistake(_ row: Row) throws {
    let result = try Program.run(row.line.split(separator: " ").map(String.init))
    #expect(result.ending == .exited(1))
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix(row.begins), "\(result.errors)")
    #expect(result.errors.filter(\.isNewline).count == 1)
  }

  @Test("apus alone shows help as an error") func alone() throws {
    let result = try Program.run([])
    #expect(result.ending == .exited(1))
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("Usage: apus "))
  }

  @Test("help to a full device is an error", arguments: ["--help", "--version", "help pub"])
  func full(_ line: String) throws {
    let device = open("/dev/full", O_WRONLY)
    defer { close(device) }
    let program = try RunningProgram(
      [Program.apus] + line.split(separator: " ").map(String.init), output: device)
    #expect(try program.wait() == .exited(74))
    #expect(program.errorText.filter(\.isNewline).count == 1)
  }
}
