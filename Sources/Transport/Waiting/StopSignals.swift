import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP as something to wait for.  The first asks for an orderly end; a second
/// one ends the process at once, as if nobody had handled it, unless `rearm` was called between.
package final class StopSignals: Sendable {
  /// Readable once a signal came.
  package let descriptor: CInt

  /// The signal that came, or nil; one atomic load.
  package var requested: CInt? {
    let number = signalNumber.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  private init(descriptor: CInt) { self.descriptor = descriptor }

  /// The signal was heard, and the next one shall be too; only one after that ends the process.
  package func rearm() {
    signalNumber.store(0, ordering: .relaxed)
    Bell.silence(descriptor)
  }

  /// Which signals are handled.
  package enum Manners: Sendable {
    /// SIGINT, SIGTERM and SIGHUP, but those that the parent had ignored stay ignored (nohup).
    case usual
    /// SIGINT and SIGTERM in any case: a shell starts background commands with SIGINT ignored.
    case mosquitto
    /// As usual, but SIGINT may come as often as it likes: it stops a command, not the process.
    case interactive
  }

  /// Begins to handle the signals.
  package static func install(_ manners: Manners = .usual) -> StopSignals {
    // Without one a signal still ends the call that waits.
    let bell = (try? Bell.make()) ?? -1
    stopBell.store(bell, ordering: .relaxed)
    mayRepeatInterrupts.store(manners == .interactive, ordering: .relaxed)
    signal(SIGPIPE, SIG_IGN)
    for number in manners == .mosquitto ? [SIGINT, SIGTERM] : [SIGINT, SIGTERM, SIGHUP] {
      var old = sigaction()
      sigaction(number, nil, &old)
      if old.isIgnoring, manners != .mosquitto { continue }
      var new = sigaction()
      new.__sigaction_handler.sa_handler = stopHandler
      sigaction(number, &new, nil)
    }
    return StopSignals(descriptor: bell)
  }
}

private let signalNumber = Atomic<CInt>(0)
private let stopBell = Atomic<CInt>(-1)
private let mayRepeatInterrupts = Atomic<Bool>(false)

/// Does only what a signal handler may.
private func stopHandler(_ number: CInt) {
  if number == SIGINT, mayRepeatInterrupts.load(ordering: .relaxed) {
    let isFirst = signalNumber.compareExchange(
      expected: 0, desired: number, ordering: .relaxed
    ).exchanged
    if !isFirst { return }
  } else {
    let earlier = signalNumber.exchange(number, ordering: .relaxed)
    if earlier != 0, earlier != SIGINT || !mayRepeatInterrupts.load(ordering: .relaxed) {
      TerminalGuard.restore()
      signal(number, SIG_DFL)
      raise(number)
      return
    }
  }
  Bell.ring(stopBell.load(ordering: .relaxed))
}
