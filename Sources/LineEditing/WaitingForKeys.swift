// What the line editor does while it waits for a key.

import Glibc
import Transport

extension LineEditor: KeySource {
  func nextKey() -> UInt32? {
    library?.mendCursor()
    while ending == nil {
      switch keys.next() {
      case .character(let scalar): return scalar
      case .paste(let text):
        pasted = text
        return EditLine.pasteKey
      case .interrupt: end(.interrupted)
      case .suspension: suspend()
      case nil:
        flush()
        wait()
      }
    }
    return nil
  }

  /// Ends the line; what was typed stays on the screen.
  private func end(_ outcome: Outcome) {
    ending = outcome
    if let line = library?.line { show(line.text) }
  }

  private func wait() {
    if editingModes == nil { editingModes = terminal.modes }
    let around = surroundings()
    let own = [terminal.input, stop.descriptor, changes.descriptor].map { Watch($0, .readable) }
    let behind = screen.watch.map { [$0] } ?? []
    var slots = (own + around.watches + behind).map(\.slot)
    var deadline = around.deadline
    if keys.isPartial {
      // A terminal sends a key's bytes together; a person's Escape stands alone.
      let patience = MonotonicClock.now() + .milliseconds(30)
      deadline = min(deadline ?? patience, patience)
    }
    let ready = poll(&slots, nfds_t(slots.count), Watches.milliseconds(until: deadline))
    if let signal = stop.requested {
      if signal == SIGINT { stop.rearm() }
      return end(signal == SIGINT ? .interrupted : .stopped(signal: signal))
    }
    if ready > 0, slots[2].revents != 0 { adapt() }
    if ready > 0, slots[0].revents != 0 {
      if !takeKeys() { return end(.endOfInput) }
    } else if keys.isPartial {
      keys.completeNow()
    }
    screen.drain()
    let isDue = around.deadline.map { MonotonicClock.now() >= $0 } ?? false
    let others = slots[own.count...].prefix(around.watches.count)
    if isDue || ready > 0 && others.contains(where: { $0.revents != 0 }) { onActivity() }
  }

  /// - Returns: false at the end of the input.
  private func takeKeys() -> Bool {
    var block = [UInt8](repeating: 0, count: 4096)
    let count = read(terminal.input, &block, block.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return true }
    if count <= 0 { return false }
    keys.add(block[..<count])
    return true
  }

  /// The window has another size, or somebody else had the terminal.
  private func adapt() {
    changes.clear()
    if let editingModes { terminal.modes = editingModes }
    size = terminal.size
    painter.resize(columns: size.columns)
  }

  /// Ctrl-Z: stops the process, as the terminal would do.
  private func suspend() {
    write(painter.leave())
    finishWriting()
    TerminalGuard.restore()
    kill(0, SIGTSTP)
    if let editingModes { terminal.modes = editingModes }
    write(Array("\u{1b}[?2004h".utf8))
  }

  func perform(_ action: EditLine.Action) {
    switch action {
    case .complete: complete()
    case .clearScreen: write(painter.clear())
    case .paste: paste()
    }
  }

  private func paste() {
    let length = library?.line.text.count ?? 0
    if length + pasted.count > Self.longestLine {
      printAbove(
        Array(
          "The pasted text of \(pasted.count) characters is left out: a line takes \(Self.longestLine).\n"
            .utf8))
    } else {
      library?.insert(pasted)
    }
    pasted = []
  }

  private static let longestLine = 65_536

  private func complete() {
    guard let (text, cursor) = library?.line else { return }
    let before = text[..<cursor]
    let completion = completer(
      String(String.UnicodeScalarView(before.compactMap { Unicode.Scalar($0) })))
    let word = before.dropFirst(completion.start)
    if completion.candidates.isEmpty { return write([0x07]) }
    let common = completion.commonPrefix
    if common != Array(word), common.count >= word.count || completion.candidates.count == 1 {
      library?.delete(word.count)
      library?.insert(common)
    } else if completion.candidates.count > 1 {
      printAbove(completion.list(columns: size.columns, rows: size.rows - 3))
    }
  }
}
