// Asking a person for a secret.

import Glibc

/// The terminal that the process was started at, whatever its standard descriptors are.
package enum TerminalPrompt {
  /// Asks without showing what is typed.
  ///
  /// - Returns: the line without its end, or nil when there is no terminal.
  /// - Throws: `.interrupted`, `.system`.
  package static func secret(
    _ question: String, stop: StopSignals?
  ) throws(TransportError) -> [UInt8]? {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    if terminal < 0 { return nil }
    defer { close(terminal) }
    var usual = termios()
    guard tcgetattr(terminal, &usual) == 0 else { return nil }
    var silent = usual
    silent.c_lflag &= ~tcflag_t(ECHO)
    silent.c_lflag |= tcflag_t(ICANON)
    tcsetattr(terminal, TCSAFLUSH, &silent)
    defer {
      tcsetattr(terminal, TCSAFLUSH, &usual)
      say("\n", terminal)
    }
    say(question, terminal)
    var line: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1024)
    while true {
      let ready = try Watches(other: Watch(terminal, .readable)).wait(until: nil, stop: stop)
      if let signal = ready.signal { throw .interrupted(signal: signal) }
      let count = read(terminal, &block, block.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw .system(call: "terminal", errno: errno) }
      line += block[..<count]
      if let end = line.firstIndex(of: UInt8(ascii: "\n")) { return Array(line[..<end]) }
      if count == 0 || line.count > 64 << 10 { return line }
    }
  }

  private static func say(_ text: String, _ terminal: CInt) {
    let bytes = Array(text.utf8)
    _ = write(terminal, bytes, bytes.count)
  }
}
