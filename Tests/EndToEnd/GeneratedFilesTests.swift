import Commands
import Foundation
import OptionTable
import TestSupport
import Testing

/// The manual pages and completions in the package are what the option table says.
@Suite("Generated files") struct GeneratedFilesTests {
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let pages = generatedFiles().map(\.path).filter { $0.hasPrefix("man/") }

  @Test("are up to date: otherwise `make generate`", arguments: generatedFiles().map(\.path))
  func upToDate(_ path: String) throws {
    let text = try String(contentsOf: Self.package.appendingPathComponent(path), encoding: .utf8)
    #expect(generatedFiles().first { $0.path == path }?.text == text)
  }

  @Test("nothing else lies beside them", arguments: ["man", "completions"])
  func complete(_ folder: String) throws {
    let found = try FileManager.default.contentsOfDirectory(
      atPath: Self.package.appendingPathComponent(folder).path)
    #expect(Set(found.map { "\(folder)/\($0)" }).isSubset(of: generatedFiles().map(\.path)))
  }

  @Test("the option table has no problems") func table() {
    #expect(Commands.Program.spec.problems() == [])
  }

  @Test("mandoc finds nothing", arguments: pages) func mandoc(_ page: String) throws {
    try expectSilence(["mandoc", "-T", "lint", "-W", "warning"], page, showsErrorsOnOutput: true)
  }

  @Test("man finds nothing", arguments: pages) func man(_ page: String) throws {
    try expectSilence(["man", "--warnings", "-l"], page)
  }

  private func expectSilence(
    _ command: [String], _ page: String, showsErrorsOnOutput: Bool = false
  ) throws {
    let path = Self.package.appendingPathComponent(page).path
    let program = try RunningProgram(
      command + [path],
      environment: ["LC_ALL": "C.UTF-8", "MANPAGER": "cat", "PAGER": "cat", "MANROFFSEQ": ""])
    #expect(try program.wait() == .exited(0), "\(program.outputText)")
    #expect(program.errorText == "")
    if showsErrorsOnOutput { #expect(program.outputText == "") }
  }
}
