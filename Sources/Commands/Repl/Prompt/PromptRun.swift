// `apus repl` at a terminal: a person types commands.

import Glibc
import LineEditing
import OptionTable
import Rendering
import Transport

/// One interactive session.
final class PromptRun {
  private let shell: Shell
  private let editor: LineEditor
  private let stop: StopSignals
  private var text = PromptText()

  /// - Returns: nil where there is no terminal that a line can be edited on.
  init?(stop: StopSignals) {
    let history = Self.historyPath.map { HistoryFile(path: $0) }
    let isColoured = EnvironmentVariable.text("NO_COLOR") == nil
    guard
      let editor = LineEditor(history: History(in: history), isColoured: isColoured, stop: stop)
    else { return nil }
    (self.editor, self.stop) = (editor, stop)
    shell = Shell(PromptConsole(editor), stop: stop)
  }

  /// `$XDG_STATE_HOME/apus/history`; what is no absolute path does not count.
  private static var historyPath: String? {
    let state = EnvironmentVariable.folder("XDG_STATE_HOME")
    let folder = state ?? EnvironmentVariable.folder("HOME").map { $0 + "/.local/state".utf8 }
    return folder.map { "\(String(decoding: $0, as: UTF8.self))/apus/history" }
  }

  func run() throws(Failure) -> ExitStatus {
    editor.completer = { [unowned shell] in shell.completion(of: $0) }
    // A line whose quotation goes on is kept with those behind it.
    editor.isKept = { [unowned self] line in
      !isContinued && !shell.isIncomplete(Array((line + "\n").utf8)) && mayKeep(line)
    }
    shell.history = { [unowned editor] in editor.history.entries.map { Array($0.utf8) } }
    shell.onChange = { [unowned self] in showPrompt() }
    tellOfHistory()
    do throws(Failure) { try readLines() } catch {
      end()
      throw error
    }
    end()
    return shell.exit ?? .success
  }

  private func end() {
    shell.end()
    // What there was no room for.
    editor.finishWriting()
    shell.flush()
    editor.end()
  }

  private func readLines() throws(Failure) {
    // Lines whose quotation is still open.
    var begun = ""
    while shell.exit == nil {
      isContinued = !begun.isEmpty
      showPrompt()
      switch editor.readLine(surroundings: { self.surroundings }, onActivity: step) {
      case .interrupted: begun = ""
      case .endOfInput where isContinued:
        begun = ""
        shell.console.tell("the quotation was not closed; nothing of it was done")
      case .endOfInput: return
      case .stopped(let signal): throw Failure(signal: signal)
      case .line(let line):
        begun += line + "\n"
        let commands = Array(begun.utf8)
        if shell.isIncomplete(commands) { continue }
        if isContinued {
          isContinued = false
          let whole = String(begun.dropLast())
          if mayKeep(whole) { editor.keep(whole) }
        }
        begun = ""
        try perform(commands)
      }
      tellOfHistory()
    }
  }

  private var isContinued = false

  private func mayKeep(_ text: String) -> Bool { !shell.holdsSecret(Array(text.utf8)) }

  /// Ends the command, not the session, at an error and at Ctrl-C.
  private func perform(_ commands: [UInt8]) throws(Failure) {
    // What failed before was told.
    shell.failed = nil
    do throws(Failure) { try shell.run(commands, from: nil) } catch {
      if let signal = error.signal, signal != SIGINT { throw error }
      if error.signal == nil {
        shell.console.tell(error.placedText)
      } else {
        stop.rearm()
        shell.console.tell("interrupted")
      }
    }
    shell.flush()
  }

  private func step() {
    shell.step()
    showPrompt()
  }

  private var surroundings: LineEditor.Surroundings {
    let tick = PromptText.ticks(shell) ? MonotonicClock.now() + .milliseconds(500) : nil
    return .init(shell.watches, until: [shell.due, tick].compactMap { $0 }.min())
  }

  private func showPrompt() {
    editor.setPrompt(isContinued ? Prompt([.init("… ")]) : text.prompt(of: shell))
  }

  private func tellOfHistory() {
    if let fault = editor.takeHistoryFault() { shell.console.tell("\(fault)") }
    shell.flush()
  }
}
