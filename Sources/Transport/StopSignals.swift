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
    signal(SIGPIPE, SIG_IGN)
    for number in manners == .usual ? [SIGINT, SIGTERM, SIGHUP] : [SIGINT, SIGTERM] {
      var old = sigaction()
      sigaction(number, nil, &old)
      let isIgnored =
        unsafeBitCast(old.__sigaction_handler.sa_handler, to: Int.self)
        == unsafeBitCast(SIG_IGN, to: Int.self)
      if isIgnored, manners == .usual { continue }
      var new = sigaction()
      new.__sigaction_handler.sa_handler = stopHandler
      sigaction(number, &new, nil)
    }
    return StopSignals(descriptor: ends[0])
  }
}

private let signalNumber = Atomic<CInt>(0)
private let wakeDescriptor = Atomic<CInt>(-1)

/// Does only what a signal handler may.
private func stopHandler(_ number: CInt) {
  if signalNumber.exchange(number, ordering: .relaxed) != 0 {
    signal(number, SIG_DFL)
    raise(number)
    return
  }
  let saved = errno
  var byte: UInt8 = 0
  _ = write(wakeDescriptor.load(ordering: .relaxed), &byte, 1)
  errno = saved
}
