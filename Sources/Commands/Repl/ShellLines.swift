// Commands that come line by line, from standard input or a file.

import Glibc
import Transport

extension Shell {
  /// Runs the lines of a file as they come.
  func runLines(of input: InputFile) throws(Failure) {
    readsStandardInput = true
    // Somebody types them.
    let isTyped = isatty(input.descriptor) == 1
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
      if isTyped { showPlainPrompt(text.isEmpty ? "apus> " : "> ") }
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

  /// Without line editing; where the output is kept, as by 'apus repl | tee log', it is no part of that.
  private func showPlainPrompt(_ text: String) {
    if console.isTerminal { return emit(text) }
    step()
    _ = Array(text.utf8).withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
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
