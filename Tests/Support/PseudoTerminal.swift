// A terminal that a test looks at.

import Foundation
import Glibc
import Synchronization

/// A pseudo-terminal; what is written to it is read all the time by a thread.
package final class PseudoTerminal: @unchecked Sendable {
  /// What a program gets as its standard output.
  package let end: CInt
  private let screen: CInt
  private let state = Mutex<[UInt8]>([])
  private let picture: Mutex<TerminalScreen>
  private let isOver = DispatchSemaphore(value: 0)
  /// Closed while nothing is read.
  private let gate = DispatchSemaphore(value: 1)
  private let isClosed = Atomic<Bool>(false)

  /// - Parameter isPictured: the picture follows what is written; it takes too long where that is much.
  package init(rows: UInt16 = 24, columns: UInt16 = 80, isPictured: Bool = false) throws {
    var ends: (screen: CInt, end: CInt) = (-1, -1)
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    try RunningProgram.betweenStarts {
      guard openpty(&ends.screen, &ends.end, nil, nil, &size) == 0 else {
        throw TimedOut(description: "openpty: \(errno)")
      }
      for descriptor in [ends.screen, ends.end] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    }
    (screen, end) = ends
    picture = Mutex(TerminalScreen(rows: Int(rows), columns: Int(columns)))
    Thread.detachNewThread { [self] in
      var block = [UInt8](repeating: 0, count: 64 << 10)
      while true {
        gate.wait()
        gate.signal()
        let count = Glibc.read(screen, &block, block.count)
        if count <= 0 { break }
        state.withLock { $0 += block[..<count] }
        if isPictured { picture.withLock { $0.write(block[..<count]) } }
      }
      isOver.signal()
    }
  }

  /// Everything that was written so far, with the terminal's carriage returns.
  package var bytes: [UInt8] { state.withLock { $0 } }
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// What is to be seen.
  package var screenNow: TerminalScreen { picture.withLock { $0 } }
  package var rows: [String] { screenNow.rows }

  /// The path that a program opens to get it as its controlling terminal.
  package var path: String {
    // ttyname has one place for all threads.
    var name = [CChar](repeating: 0, count: 256)
    guard ttyname_r(end, &name, name.count) == 0 else { return "" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The modes that the terminal has now.
  package var modes: termios {
    var modes = termios()
    tcgetattr(end, &modes)
    return modes
  }

  /// Takes nothing until `resume`, but for one block.
  package func stall() { gate.wait() }
  package func resume() { gate.signal() }

  /// Presses keys.
  package func type(_ keys: String) {
    var rest = Array(keys.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(screen, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Waits until a text was written behind the first `offset` bytes.
  ///
  /// - Returns: the offset behind it.
  package func waitForBytes(
    _ text: String, after offset: Int, within seconds: Double = 10
  ) throws -> Int {
    var (offset, found) = (offset, false)
    try eventually("'\(text)'", within: seconds) {
      let new = state.withLock { Data($0[offset...]) }
      if let range = new.range(of: Data(text.utf8)) {
        offset += range.upperBound
        found = true
      } else {
        offset += max(0, new.count - text.utf8.count)
      }
      return found
    }
    return offset
  }

  /// Waits until the screen shows what is wanted.
  package func waitForScreen(
    _ what: String, within seconds: Double = 10, _ condition: (TerminalScreen) -> Bool
  ) throws {
    do { try eventually(what, within: seconds) { condition(screenNow) } } catch {
      throw TimedOut(
        description: "\(error); the screen:\n" + screenNow.everything.joined(separator: "\n"))
    }
  }

  /// The same size for the screen that is seen; its lines are wrapped anew.
  package func resizeScreen(columns: Int) {
    picture.withLock { $0.resize(columns: columns) }
  }

  package func resize(rows: UInt16, columns: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(screen, UInt(TIOCSWINSZ), &size)
  }

  package func waitForText(_ wanted: String, within seconds: Double = 10) throws {
    try eventually("'\(wanted)' on the terminal; got '\(text.suffix(300))'", within: seconds) {
      text.contains(wanted)
    }
  }

  /// Everything that was written, once the program has ended.
  package func finish() throws -> [UInt8] {
    if !isClosed.exchange(true, ordering: .relaxed) { close(end) }
    guard isOver.wait(timeout: .now() + 10) == .success else {
      throw TimedOut(description: "the terminal is still open")
    }
    isOver.signal()
    return bytes
  }

  deinit {
    if !isClosed.load(ordering: .relaxed) { close(end) }
    close(screen)
  }
}
