// `apus repl`: a session from beginning to end.

import Glibc
import OptionTable
import Transport

/// One run of `apus repl`.
struct ReplRun {
  private let script: Script
  private let keepsGoing: Bool
  private let reporter: Reporter

  private enum Script {
    case file(Argument)
    case text([UInt8])
    case standardInput
  }

  /// A session at a terminal.
  init(_ reporter: Reporter) {
    script = .standardInput
    keepsGoing = false
    self.reporter = reporter
  }

  /// - Throws: what is wrong with the words.
  init(
    _ settings: Settings, _ operands: [Argument], _ reporter: Reporter
  ) throws(OptionError) {
    self.reporter = reporter
    keepsGoing = settings.shell.keepsGoing
    if operands.count > 1 { throw OptionError("unexpected argument '\(operands[1].shown)'") }
    switch (settings.shell.commands, operands.first) {
    case (.some, .some): throw OptionError("-c and a file exclude one another")
    case (let text?, nil): script = .text(text)
    case (nil, "-"?), (nil, nil): script = .standardInput
    case (nil, let path?): script = .file(path)
    }
  }

  func run() throws(Failure) -> ExitStatus {
    // A file that may not grow (ulimit -f) is a failure of the command that writes it.
    signal(SIGXFSZ, SIG_IGN)
    if case .standardInput = script, isatty(0) == 1, isatty(1) == 1 {
      let stop = StopSignals.install(.interactive)
      if let run = PromptRun(stop: stop) { return try run.run() }
    }
    let stop = StopSignals.install()
    let shell = Shell(StandardConsole(reporter), stop: stop)
    shell.keepsGoing = keepsGoing
    do throws(Failure) {
      switch script {
      case .text(let text): try shell.run(text, from: "-c")
      case .file(let path): try shell.runFile(path)
      case .standardInput: try shell.runLines(of: .standardInput)
      }
      // Whoever reads the output gets all of it.
      try shell.pump { () throws(Failure) in shell.console.watch == nil }
    } catch {
      shell.end()
      var failure = error
      failure.text = failure.placedText
      throw failure
    }
    shell.end()
    if let failure = shell.outputFailure { throw failure }
    return shell.exit ?? shell.failed ?? .success
  }
}
