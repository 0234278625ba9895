// Asking a person for a secret.

import CLinux
import Glibc

/// The terminal that the process was started at, whatever its standard descriptors are.
package enum TerminalPrompt {
  /// Asks without showing what is typed.  Whatever signal ends or stops the process, the terminal shows again
  /// what is typed.
  ///
  /// - Returns: the line without its end, or nil when there is no terminal.
  /// - Throws: `.interrupted`, `.inputTimedOut`, `.system`.
  package static func secret(
    _ question: String, until deadline: Duration?, stop: StopSignals?
  ) throws(TransportError) -> [UInt8]? {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    if terminal < 0 { return nil }
    defer { close(terminal) }
    guard let echo = TerminalEcho(terminal) else { return nil }
    CoreDumps.forbid()
    let signals = HeldSignals()
    defer { signals.letGo() }
    echo.turnOff()
    defer {
      echo.restore()
      say("\n", terminal)
    }
    say(question, terminal)
    var line: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1024)
    let watches = Watches(socket: signals.watch, other: Watch(terminal, .readable))
    while true {
      let ready = try watches.wait(until: deadline, stop: stop)
      if let signal = ready.signal { throw .interrupted(signal: signal) }
      if ready.socket {
        // It kills or stops us here; after a stop we ask again.
        echo.restore()
        signals.deliver()
        echo.turnOff()
        say(question, terminal)
        line = []
        continue
      }
      if !ready.other { throw .inputTimedOut(name: "the terminal") }
      let count = read(terminal, &block, block.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw .system(call: "terminal", errno: errno) }
      if count == 0 || edit(&line, block[..<count]) { return line }
      if line.count > 64 << 10 {
        throw .secret(name: "the terminal", reason: "more than 65536 bytes are no secret")
      }
    }
  }

  /// What a terminal's own line does with the keys.
  ///
  /// - Returns: true at the end of the line.
  private static func edit(_ line: inout [UInt8], _ keys: ArraySlice<UInt8>) -> Bool {
    for key in keys {
      switch key {
      case UInt8(ascii: "\n"), 0x04: return true  // Enter, Ctrl-D
      case 0x7f, 0x08:
        // A character of UTF-8 goes as a whole.
        while let byte = line.popLast(), byte & 0xc0 == 0x80 {}
      case 0x15: line = []  // Ctrl-U
      default: line.append(key)
      }
    }
    return false
  }

  private static func say(_ text: String, _ terminal: CInt) {
    let bytes = Array(text.utf8)
    _ = write(terminal, bytes, bytes.count)
  }
}

/// A terminal's echo, as it was and off.
private struct TerminalEcho {
  private let terminal: CInt
  private let usual: termios

  init?(_ terminal: CInt) {
    var usual = termios()
    guard tcgetattr(terminal, &usual) == 0 else { return nil }
    self.terminal = terminal
    self.usual = usual
  }

  func turnOff() {
    var silent = usual
    silent.c_lflag &= ~tcflag_t(ECHO)
    withUnsafeMutableBytes(of: &silent.c_cc) {
      $0[Int(VMIN)] = 1
      $0[Int(VTIME)] = 0
    }
    // The terminal's own line has no more than 4,095 bytes, fewer than some tokens.
    silent.c_lflag &= ~tcflag_t(ICANON)
    silent.c_iflag |= tcflag_t(ICRNL)
    tcsetattr(terminal, TCSAFLUSH, &silent)
  }

  func restore() {
    var usual = usual
    tcsetattr(terminal, TCSAFLUSH, &usual)
  }
}

/// Signals that would end or stop the process at once, held back until they are asked for.
private struct HeldSignals {
  private var set = sigset_t()
  private let descriptor: CInt

  init() {
    sigemptyset(&set)
    // SIGINT, SIGTERM and SIGHUP are StopSignals' affair.
    let numbers = [
      SIGQUIT, SIGTSTP, SIGALRM, SIGVTALRM, SIGPROF, SIGUSR1, SIGUSR2, SIGXCPU, SIGPWR, SIGIO,
    ]
    for number in numbers { sigaddset(&set, number) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    descriptor = signalfd(-1, &set, CInt(SFD_CLOEXEC))
  }

  var watch: Watch? { descriptor < 0 ? nil : Watch(descriptor, .readable) }

  func deliver() {
    var set = set
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  func letGo() {
    var set = set
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    if descriptor >= 0 { close(descriptor) }
  }
}
