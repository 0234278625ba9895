import Glibc
import Synchronization

/// Ends of child processes as something to wait for (SIGCHLD).
package final class ChildExits: Sendable {
  /// Readable once a child has ended.
  package let descriptor: CInt

  /// Begins to listen.  Before the first child: an end that the parent ignored would leave no status.
  package init() throws(TransportError) {
    descriptor = try Bell.make()
    exitBell.store(descriptor, ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in Bell.ring(exitBell.load(ordering: .relaxed)) }
    action.sa_flags = SA_RESTART | SA_NOCLDSTOP
    sigaction(SIGCHLD, &action, nil)
  }

  /// How a child ended.
  package enum Ending: Hashable, Sendable {
    case exited(CInt)
    case killed(signal: CInt)

    /// Takes a child that has ended, so that nothing of it is left; never waits.
    ///
    /// - Returns: nil while it runs.
    init?(of child: pid_t) {
      var status: CInt = 0
      while true {
        let result = waitpid(child, &status, WNOHANG)
        if result == 0 { return nil }
        if result < 0, errno == EINTR { continue }
        let signal = status & 0x7f
        self = signal == 0 ? .exited(status >> 8 & 0xff) : .killed(signal: signal)
        return
      }
    }
  }

  /// - Returns: nil while it runs; nothing is left of it afterwards.
  package func ending(of child: pid_t) -> Ending? { Ending(of: child) }

  /// Makes `descriptor` unreadable; before `ending` is asked.
  package func clear() { Bell.silence(descriptor) }
}

private let exitBell = Atomic<CInt>(-1)
