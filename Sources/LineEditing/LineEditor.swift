// A prompt at which lines are typed while other things happen.

import Glibc
import Transport

/// Reads lines from a person, with libedit's keys, and shows messages above the line meanwhile.
package final class LineEditor {
  /// What came of a line.
  package enum Outcome: Hashable, Sendable {
    /// It may have several lines, where they were pasted.
    case line(String)
    /// Ctrl-C: the line is gone.
    case interrupted
    /// Ctrl-D on an empty line, or the terminal is gone.
    case endOfInput
    /// SIGTERM or SIGHUP came.
    case stopped(signal: CInt)
  }

  /// What is minded while a person types.
  package struct Surroundings {
    package var watches: [Watch]
    package var deadline: Duration?

    package init(_ watches: [Watch] = [], until deadline: Duration? = nil) {
      self.watches = watches
      self.deadline = deadline
    }
  }

  let terminal: Terminal
  let stop: StopSignals
  let changes = TerminalChanges()
  private let isColoured: Bool
  var library: EditLine?
  var keys = KeyReader()
  var painter: Painter
  var screen = Screen()
  /// Messages that are not yet on the screen; whole lines.
  private var above: [UInt8] = []
  private var isReading = false
  var size: (rows: Int, columns: Int)
  var pasted: [UInt32] = []
  /// The terminal's modes between two lines.
  private var waitingModes: termios?
  /// The terminal's modes while a line is edited; nil before the first key.
  var editingModes: termios?
  /// What ends the line from outside.
  var ending: Outcome?
  private(set) var surroundings: () -> Surroundings = { Surroundings() }
  private(set) var onActivity: () -> Void = {}

  package private(set) var prompt = Prompt([])
  /// What Tab knows of the text before the cursor.
  package var completer: (_ before: String) -> Completion = { Completion(from: $0.count, []) }
  /// Lines that may be kept: not those with secrets.
  package var isKept: (_ line: String) -> Bool = { _ in true }
  package private(set) var history: History

  /// - Parameters:
  ///   - program: whose keys in ~/.editrc are meant.
  ///   - isColoured: the prompt has colours.
  /// - Returns: nil where there is no terminal to edit a line on.
  package init?(
    program: String = "apus", history: History, isColoured: Bool, stop: StopSignals
  ) {
    guard let terminal = Terminal(), TerminalGuard.hold(terminal.input) else { return nil }
    self.terminal = terminal
    self.history = history
    self.isColoured = isColoured
    self.stop = stop
    size = terminal.size
    painter = Painter(rewraps: terminal.rewraps)
    painter.resize(columns: size.columns)
    library = EditLine(
      program: program, input: terminal.input, output: terminal.output, keys: self)
    if library == nil { return nil }
    library?.setHistory(history.entries.map { $0.unicodeScalars.map(\.value) })
    waitingModes = terminal.modes
  }

  /// Leaves the terminal as it was.
  package func end() {
    finishWriting()
    library = nil
    TerminalGuard.release()
  }

  deinit { end() }

  /// Another program has the terminal, until `takeTerminalBack`.
  package func lendTerminal() {
    finishWriting()
    TerminalGuard.restore()
  }

  package func takeTerminalBack() {
    if let waitingModes { terminal.modes = waitingModes }
  }

  /// Why the history is not kept; told once.
  package func takeHistoryFault() -> HistoryFile.Fault? { history.takeFault() }

  // MARK: The line

  /// Shows the prompt and waits for a line.
  ///
  /// - Parameters:
  ///   - surroundings: what to mind besides; asked before each wait.
  ///   - onActivity: called when a descriptor is ready or the deadline is over; never blocks.
  package func readLine(
    surroundings: @escaping () -> Surroundings = { Surroundings() },
    onActivity: @escaping () -> Void = {}
  ) -> Outcome {
    (self.surroundings, self.onActivity) = (surroundings, onActivity)
    defer { (self.surroundings, self.onActivity) = ({ Surroundings() }, {}) }
    flush()
    isReading = true
    ending = nil
    write(Array("\u{1b}[?2004h".utf8))
    let line = library?.read()
    isReading = false
    if let line { show(line) }
    let mark = ending == .interrupted ? "^C" : ""
    write(Array(mark.utf8) + painter.leave() + Array("\u{1b}[?2004l".utf8))
    if let ending { return ending }
    guard let line else { return .endOfInput }
    let text = String(String.UnicodeScalarView(line.compactMap { Unicode.Scalar($0) }))
    if isKept(text) { keep(text) }
    return .line(text)
  }

  /// Shows another prompt, at once where a line is being typed.
  package func setPrompt(_ prompt: Prompt) { self.prompt = prompt }

  /// Puts an entry into the history, whatever `isKept` says of it.
  package func keep(_ text: String) {
    guard text.contains(where: { !$0.isWhitespace }),
      text.unicodeScalars.count <= EditLine.longestEntry
    else { return }
    let isNew = !history.entries.contains(text)
    history.add(text)
    if isNew {
      library?.addToHistory(text.unicodeScalars.map(\.value))
    } else {
      library?.setHistory(history.entries.map { $0.unicodeScalars.map(\.value) })
    }
  }

  // MARK: The screen

  /// The terminal has not taken all of what it was given; then whoever has more keeps it.
  package var isBehind: Bool { screen.isBehind }

  /// When the terminal takes more; nil where it has everything.
  package var screenWatch: Watch? { screen.watch }

  /// Gives the terminal what it takes.
  package func drain() { screen.drain() }

  /// Waits until the terminal has taken everything; a signal cuts that short.
  package func finishWriting() { screen.finish(stop: stop) }

  /// Shows lines above the one that is typed.
  ///
  /// - Parameter lines: harmless for a terminal; the last one's end may be left out.
  package func printAbove(_ lines: [UInt8]) {
    if lines.isEmpty { return }
    above += lines
    if above.last != 0x0a { above.append(0x0a) }
    if !isReading || above.count > Self.mostAbove { flush() }
  }

  private static let mostAbove = 256 << 10

  /// Shows everything as it is now, in one piece.
  func flush() {
    guard isReading, let line = library?.line else {
      write(above)
      above = []
      return
    }
    // The line is drawn as it is then.
    if !screen.isBehind { show(line.text, cursor: line.cursor) }
  }

  /// - Parameter cursor: nil for the line's end.
  func show(_ line: [UInt32], cursor: Int? = nil) {
    let layout = LineLayout(
      prompt, line, cursor: cursor, isColoured: isColoured, columns: size.columns,
      height: size.rows)
    write(painter.draw(layout, above: above))
    above = []
  }

  func write(_ bytes: [UInt8]) {
    if !bytes.isEmpty { screen.write(bytes) }
  }
}
