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

extension Shell {
  /// Runs the lines of a file as they come.
  func runLines(of input: InputFile) throws(Failure) {
    readsStandardInput = true
    // Somebody types them.
    let isTyped = console.isTerminal && isatty(input.descriptor) == 1
    var lines = LineReader(input, separator: UInt8(ascii: "\n"), limit: 16 << 20)
    var text: [UInt8] = []
    var missing: UInt8?
    var number = 1
    var start = 1
    while exit == nil {
      while exit == nil, let line = lines.first() {
        text += line
        text.append(UInt8(ascii: "\n"))
        lines.removeFirst(line.count)
        number += 1
        if let signal = stop.requested, !isTyped { throw Failure(signal: signal) }
        if !lines.isFinished, text.count <= Self.longestScript {
          // A quotation over many lines is read once, not with each of them.
          if let missing, !line.contains(missing), missing != UInt8(ascii: "\n") { continue }
          missing = self.missing(in: text)
          if missing != nil { continue }
        }
        do throws(Failure) {
          try run(text, from: isTyped ? nil : input.name, line: start)
        } catch {
          let mayGoOn = isTyped && error.signal == SIGINT || error.signal == nil
          guard keepsGoing || isTyped, mayGoOn, outputFailure == nil else { throw error }
          report(error)
          if isTyped {
            failed = nil
            stop.rearm()
          }
        }
        text = []
        start = number
      }
      if exit != nil || lines.isFinished { break }
      if isTyped { emit(text.isEmpty ? "apus> " : "> ") }
      do throws(Failure) { try awaitInput(lines.descriptor) } catch {
        guard isTyped, error.signal == SIGINT else { throw error }
        stop.rearm()
        emit("\n")
        text = []
        start = number
        continue
      }
      do throws(TransportError) { try lines.read() } catch { throw Failure(input: error) }
    }
    if text.isEmpty { return }
    try run(text, from: input.name, line: start)
  }

  /// More lines are needed: a quotation is open.
  func isIncomplete(_ text: [UInt8]) -> Bool { missing(in: text) != nil }

  private func missing(in text: [UInt8]) -> UInt8? {
    do throws(SyntaxFault) { _ = try StatementReader.statements(in: text) } catch {
      return error.missing
    }
    return nil
  }

  private func awaitInput(_ descriptor: CInt) throws(Failure) {
    while true {
      step()
      if let outputFailure { throw outputFailure }
      var slot = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&slot, 1, 0) != 0 { return }
      let watches = watches + [Watch(descriptor, .readable)]
      let signal: CInt?
      do { signal = try Watches.wait(for: watches, until: due, stop: stop) } catch {
        throw Failure(.protocolError, "\(error)")
      }
      if let signal { throw Failure(signal: signal) }
    }
  }
}
