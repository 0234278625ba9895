import Commands
import Foundation
import OptionTable
import TestSupport
import Testing

/// The manual pages and completions in the package are what the option table says.
@Suite("Generated files") struct GeneratedFilesTests {
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../..").standardized
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

  @Test("its actions are those that the commands take", arguments: ["bench", "outbox", "key"])
  func actions(_ command: String) throws {
    let table = Commands.Program.spec.commands.first { $0.name.text == command }
    let words = try #require(table?.operands.actions.map(\.word))
    let list = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
    let result = try TestSupport.Program.run([command, "nothing"])
    #expect(result.errors.contains("'nothing' is not \(list)"), "\(result.errors)")
  }

  @Test("README lists each page") func named() throws {
    let readme = try String(
      contentsOf: Self.package.appendingPathComponent("README.md"), encoding: .utf8)
    let list = try #require(
      readme.components(separatedBy: "\n\n").first { $0.hasPrefix("`apus help`") })
    let names = Self.pages.map { page in
      let parts = page.dropFirst("man/".count).split(separator: ".")
      return "\(parts[0])(\(parts[1]))"
    }
    #expect(names.filter { !list.contains($0) } == [])
  }

  @Test("README has the exit statuses of the manual") func statuses() throws {
    let readme = try String(
      contentsOf: Self.package.appendingPathComponent("README.md"), encoding: .utf8)
    let section = try #require(
      readme.components(separatedBy: "\n## Exit status\n").last?.components(separatedBy: "\n## ")
        .first)
    let rows = section.split(separator: "\n").filter { $0.hasPrefix("|") }.dropFirst(2)
    let statuses = rows.map { row in
      row.split(separator: "|")[0].trimmingCharacters(in: .whitespaces)
        .replacing("\u{2013}", with: "-")
    }
    #expect(statuses == Commands.Program.spec.exitStatuses.map(\.term))
  }

  /// Which other pages there are depends on what is installed.
  @Test("mandoc finds nothing", arguments: pages) func mandoc(_ page: String) throws {
    let program = try RunningProgram(["mandoc", "-T", "lint", "-W", "style", Self.path(of: page)])
    try program.wait()
    let found = program.outputText.split(separator: "\n").filter {
      !$0.contains("referenced manual not found: Xr")
    }
    #expect(found == [])
  }

  @Test("man finds nothing", arguments: pages) func man(_ page: String) throws {
    let program = try RunningProgram(
      ["man", "--warnings", "-l", Self.path(of: page)],
      environment: ["LC_ALL": "C.UTF-8", "MANPAGER": "cat", "PAGER": "cat", "MANROFFSEQ": ""])
    #expect(try program.wait() == .exited(0), "\(program.outputText)")
    #expect(program.errorText == "")
  }

  private static func path(of page: String) -> String {
    package.appendingPathComponent(page).path
  }
}
