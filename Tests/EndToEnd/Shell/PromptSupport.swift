import Foundation
import TestSupport

/// `apus repl` on a terminal of its own.
final class PromptSession {
  let terminal: PseudoTerminal
  let program: RunningProgram

  init(
    columns: UInt16 = 80, state: TemporaryDirectory = TemporaryDirectory(),
    isPictured: Bool = true, editrc: String = "/nonexistent", connectedTo broker: Mosquitto? = nil
  ) throws {
    terminal = try PseudoTerminal(columns: columns, isPictured: isPictured)
    program = try RunningProgram(
      [Program.apus, "repl"], input: .terminal(terminal),
      environment: [
        "TERM": "xterm-256color", "EDITRC": editrc, "XDG_STATE_HOME": state.path,
      ])
    if !isPictured { return }
    try wait("the first prompt") { $0.rows.contains("apus not connected>") }
    guard let broker else { return }
    type("connect -p \(broker.port) -i me\r")
    try wait("the connected prompt") { $0.everything.last == Self.prompt(broker) }
  }

  static func prompt(_ broker: Mosquitto) -> String { "localhost:\(broker.port) me connected>" }

  func type(_ keys: String) { terminal.type(keys) }

  func wait(
    _ what: String, within seconds: Double = 10, _ condition: (TerminalScreen) -> Bool
  ) throws {
    try terminal.waitForScreen(what, within: seconds, condition)
  }
}
