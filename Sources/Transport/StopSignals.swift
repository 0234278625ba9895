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
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) > 0 {}
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
    var ends: [CInt] = [-1, -1]
    if pipe(&ends) == 0 {
      for end in ends {
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      }
    }
    wakeDescriptor.store(ends[1], ordering: .relaxed)
    mayRepeatInterrupts.store(manners == .interactive, ordering: .relaxed)
    signal(SIGPIPE, SIG_IGN)
    for number in manners == .mosquitto ? [SIGINT, SIGTERM] : [SIGINT, SIGTERM, SIGHUP] {
      var old = sigaction()
      sigaction(number, nil, &old)
      let isIgnored =
        unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self)
        == unsafeBitCast(SIG_IGN, to: Int.self)
      if isIgnored, manners != .mosquitto { continue }
      var new = sigaction()
      new.__sigaction_handler.sa_handler = stopHandler
      sigaction(number, &new, nil)
    }
    return StopSignals(descriptor: ends[0])
  }
}

private let signalNumber = Atomic<CInt>(0)
private let wakeDescriptor = Atomic<CInt>(-1)
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
  let saved = errno
  var byte: UInt8 = 0
  _ = write(wakeDescriptor.load(ordering: .relaxed), &byte, 1)
  errno = saved
}
