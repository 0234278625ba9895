// A terminal whose modes are changed for a while.

import Glibc
import Synchronization

/// Puts the modes of one terminal back however the process ends: by `exit`, by any signal that can be
/// caught, by a trap; and while it is stopped (Ctrl-Z).  (SIGINT, SIGTERM and SIGHUP are StopSignals' affair,
/// which calls `restore`.)
package enum TerminalGuard {
  /// What the terminal is told besides: pastes come unmarked, text has no colour.
  private static let farewell: StaticString = "\u{1b}[?2004l\u{1b}[m"

  /// Remembers the modes, and has them put back at the process's end.
  ///
  /// - Returns: false when the descriptor is no terminal.
  package static func hold(_ terminal: CInt) -> Bool {
    var modes = termios()
    guard tcgetattr(terminal, &modes) == 0 else { return false }
    let kept = UnsafeMutablePointer<termios>.allocate(capacity: 1)
    kept.initialize(to: modes)
    // Never freed: a handler may be reading it.
    keptDescriptor.store(terminal, ordering: .relaxed)
    keptModes.store(UInt(bitPattern: kept), ordering: .releasing)
    if !isInstalled.exchange(true, ordering: .relaxed) { install() }
    return true
  }

  /// Nothing is put back any more.
  package static func release() {
    restore()
    keptModes.store(0, ordering: .relaxed)
  }

  /// Puts the modes back; does only what a signal handler may.
  package static func restore() {
    let kept = keptModes.load(ordering: .acquiring)
    guard let modes = UnsafePointer<termios>(bitPattern: kept) else { return }
    let terminal = keptDescriptor.load(ordering: .relaxed)
    // In the background it would stop us, and another program has the terminal.
    let foreground = tcgetpgrp(terminal)
    guard foreground < 0 || foreground == getpgrp() else { return }
    let saved = errno
    tcsetattr(terminal, TCSANOW, modes)
    _ = write(terminal, farewell.utf8Start, farewell.utf8CodeUnitCount)
    errno = saved
  }

  private static func install() {
    atexit { TerminalGuard.restore() }
    let numbers = [
      SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGALRM, SIGVTALRM, SIGPROF,
      SIGUSR1, SIGUSR2, SIGXCPU, SIGXFSZ, SIGPWR, SIGIO, SIGSYS,
      SIGSTKFLT,
    ]
    for number in numbers { handle(number, by: endHandler) }
    handle(SIGTSTP, by: pauseHandler)
  }

  private static func handle(_ number: CInt, by handler: @escaping @convention(c) (CInt) -> Void) {
    var old = sigaction()
    sigaction(number, nil, &old)
    // Somebody else's handler, or a signal that is ignored, ends nothing.
    if !old.isUsual { return }
    var new = sigaction()
    new.__sigaction_handler.sa_handler = handler
    new.sa_flags = SA_RESTART
    sigaction(number, &new, nil)
  }

  /// The process is stopped, and goes on with the modes that it had.
  fileprivate static func pause() {
    let saved = errno
    let terminal = keptDescriptor.load(ordering: .relaxed)
    var modes = termios()
    let isKnown = tcgetattr(terminal, &modes) == 0
    restore()
    raise(SIGSTOP)
    let isKept = keptModes.load(ordering: .acquiring) != 0
    if isKnown, isKept, tcgetpgrp(terminal) == getpgrp() { tcsetattr(terminal, TCSANOW, &modes) }
    errno = saved
  }
}

private let keptModes = Atomic<UInt>(0)
private let keptDescriptor = Atomic<CInt>(-1)
private let isInstalled = Atomic<Bool>(false)

private func pauseHandler(_ number: CInt) { TerminalGuard.pause() }

private func endHandler(_ number: CInt) {
  TerminalGuard.restore()
  signal(number, SIG_DFL)
  raise(number)
}
