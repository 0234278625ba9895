import Foundation
import Glibc
import TestSupport

/// The driver on a terminal of its own.
final class EditorSession {
  let terminal: PseudoTerminal
  let program: RunningProgram
  let folder: TemporaryDirectory
  private let pipe: CInt

  static let driver = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appendingPathComponent("LineEditorDriver").path

  init(
    columns: UInt16 = 80, in folder: TemporaryDirectory = TemporaryDirectory(),
    environment: [String: String] = [:]
  ) throws {
    self.folder = folder
    let path = folder.file("pipe-\(UUID().uuidString)")
    guard mkfifo(path, 0o600) == 0 else { throw TimedOut(description: "mkfifo: \(errno)") }
    pipe = open(path, O_RDWR | O_CLOEXEC)
    terminal = try PseudoTerminal(columns: columns, isPictured: true)
    program = try RunningProgram(
      [Self.driver, path, folder.file("history")], input: .terminal(terminal),
      environment: [
        "TERM": "xterm-256color", "EDITRC": "/nonexistent", "SWIFT_BACKTRACE": "enable=no",
      ].merging(environment) { $1 })
    try wait("the prompt") { $0.everything.contains { $0.hasPrefix("apus>") } }
  }

  deinit { close(pipe) }

  /// Something to be shown above the line.
  func print(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = write(pipe, bytes, bytes.count)
  }

  func wait(_ what: String, _ condition: (TerminalScreen) -> Bool) throws {
    try terminal.waitForScreen(what, condition)
  }

  /// Waits until the screen shows exactly these rows and nothing below them.
  func waitForRows(_ rows: [String]) throws {
    try terminal.waitForScreen("\(rows)") { Array($0.everything) == rows }
  }
}
